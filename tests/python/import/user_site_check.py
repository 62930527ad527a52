"""sys.path by the user's site folder and .pth files: run by tests/run.py as user_site_check.py QUIVER FILE."""
import os
import pathlib
import subprocess
import sys
import tempfile

quiver = sys.argv[1]
failed = 0


def path_of(options, **env):
    given = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | env
    code = "import sys; print('\\n'.join(sys.path))"
    done = subprocess.run([quiver, *options, "-c", code], capture_output=True, text=True, env=given, timeout=60)
    if done.stderr:
        print(done.stderr)
    return done.stdout.split("\n")[:-1]


def expect(what, got, wanted):
    global failed
    if got != wanted:
        failed += 1
        print(f"{what}\n  wanted {wanted}\n  got    {got}")


with tempfile.TemporaryDirectory() as base:
    base = os.path.realpath(base)
    site = pathlib.Path(base, "lib/python3.11/site-packages")
    site.mkdir(parents=True)
    (site / "extra").mkdir()
    (site / "b.pth").write_text("# a comment\n\nextra\nmissing\nimport sys; sys.stderr.write('not at start')\n/usr\n")
    (site / "a.pth").write_text("..\n")
    (site / ".hidden.pth").write_text("/tmp\n")
    (site / "usercustomize.py").write_text("import sys\nsys.path.append('customized')\n")
    ours = [str(site), str(site.parent), str(site / "extra"), "/usr"]
    with_user = path_of([], PYTHONUSERBASE=base)
    plain = path_of(["-s"], PYTHONUSERBASE=base)
    expect("user site", [p for p in with_user if p not in plain], [*ours, "customized"])
    expect("-I", path_of(["-I"], PYTHONUSERBASE=base), plain[1:])
    expect("PYTHONNOUSERSITE", path_of([], PYTHONUSERBASE=base, PYTHONNOUSERSITE="1"), plain)
    bare = path_of(["-S"], PYTHONUSERBASE=base)
    expect("-S", [len(bare), bare[0]], [2, ""])
    expect("PYTHONPATH", path_of(["-S"], PYTHONPATH="/a:/b")[:3], ["", "/a", "/b"])
    expect("-E", path_of(["-S", "-E"], PYTHONPATH="/a:/b"), bare)
sys.exit(1 if failed else 0)
