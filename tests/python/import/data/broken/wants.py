import nowhere.at_all
