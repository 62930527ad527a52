# SPDX-License-Identifier: MIT
# _csv: reader, writer, dialects, errors.
import _csv as C
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
class D: delimiter=';'; quotechar="'"
print([n for n in dir(C) if n[0]!='_'],C.__version__)
print(t(C.reader),t(C.reader,5),t(C.reader,[],delimiter=''),t(C.reader,[],delimiter='ab'),t(C.reader,[],delimiter=5),t(C.reader,[],delimiter=None),t(C.reader,[],quotechar='ab'),t(C.reader,[],quotechar=5),t(C.reader,[],quoting=9),t(C.reader,[],quoting='a'),t(C.reader,[],foo=1)[0],t(C.reader,[],'nodialect'),t(C.reader,[],lineterminator=5),t(C.reader,[],quotechar=None,quoting=1),t(C.reader,[],escapechar='xx'),t(C.reader,[],quotechar=''),t(C.reader,[],escapechar=''))
for src,kw in [(['a,b,c'],{}),(['a,"b,c",d'],{}),(['"a""b",c'],{}),(['a"b,c'],{}),(['"a"b,c'],{}),(['"a"b,c'],{'strict':1}),(['"abc','def",x'],{}),(['"abc'],{}),(['"abc'],{'strict':1}),(['a\nb'],{}),(['a\r\n','b\n'],{}),(['a\rb'],{}),([''],{}),(['\n'],{}),([','],{}),(['a, b'],{'skipinitialspace':1}),(["a;'b;c'"],{'dialect':D}),(['1,"2",3.5'],{'quoting':2}),(['x,"2"'],{'quoting':2}),(['a,"b"'],{'quoting':3}),(['a\\,b,c'],{'escapechar':'\\'}),(['"a\\"b"'],{'escapechar':'\\'}),(['a\\'],{'escapechar':'\\'}),(['"a\\'],{'escapechar':'\\'}),(['a""b'],{'doublequote':0}),(['"a""b"'],{'doublequote':0}),([b'a'],{}),([5],{}),(['a\0b'],{}),(['a\tb'],{'delimiter':'\t'}),(['"a\n','b"'],{}),(['x\n\ny'],{}),(['a,"b"\n'],{}),(['a\\\n','b'],{'escapechar':'\\'}),(['é,ü'],{}),([' "a"'],{}),(['"a" ,b'],{}),(['','a'],{}),(['a,b\r'],{})]:
    r=None
    try:
        r=C.reader(src,**kw); out=[x for x in r]
    except BaseException as e: out=(type(e).__name__,str(e))
    print(src,kw,out,r.line_num if r else '')
r=C.reader(['a','b']); print(next(r),r.line_num,r.dialect.delimiter,t(setattr,r,'line_num',3)[0],t(setattr,r,'dialect',3)[0],iter(r) is r,type(r))
class W:
    def __init__(s): s.out=[]
    def write(s,x): s.out.append(x); return len(x)
for row,kw in [(['a','b'],{}),(['a,b','c"d',1,2.5,None],{}),(['a\nb','c\rd'],{}),([],{}),([''],{}),([None],{}),(['',''],{}),(['a'],{'quoting':1}),(['a',1,2.5],{'quoting':2}),(['a,b'],{'quoting':3}),(['a,b'],{'quoting':3,'escapechar':'\\'}),(['a"b'],{'doublequote':0}),(['a"b'],{'doublequote':0,'escapechar':'\\'}),(['a\\b'],{'escapechar':'\\'}),(['a"b'],{'quoting':3,'escapechar':'\\'}),(['a"b'],{'quoting':3,'quotechar':None}),([''],{'quoting':3}),(5,{}),('abc',{}),([' a'],{}),(['a;b'],{'delimiter':';'}),(['x'],{'lineterminator':'!'}),(['a!'],{'lineterminator':'!'}),([b'x'],{}),(['a','b'],{'dialect':D}),(["it's"],{'dialect':D}),([1.1,10**20,True],{}),((x for x in 'ab'),{}),(['a b'],{'delimiter':' '}),([''],{'quoting':1}),(['\0'],{}),(['a"'],{'escapechar':'"'}),(['a\nb'],{'quoting':3,'escapechar':'\\'}),(['\\'],{'escapechar':'\\','quoting':3}),(['a\\,"b'],{'escapechar':'\\','quoting':0}),([''],{'delimiter':' ','skipinitialspace':1}),(['',''],{'delimiter':' ','skipinitialspace':1})]:
    w=W()
    r=t(C.writer(w,**kw).writerow,row); print(row if not hasattr(row,'send') else 'gen',kw,r,w.out)
w=W(); x=C.writer(w); print(x.writerows([['a','b'],['c']]),w.out,t(x.writerows,5),t(x.writerows,[5]),t(C.writer,5),t(C.writer),repr(x.dialect.lineterminator),type(x),t(x.writerow),t(setattr,x,'dialect',1)[0])
print(C.register_dialect('d1',delimiter='|'),C.list_dialects(),C.get_dialect('d1').delimiter,t(C.get_dialect,'x'),t(C.register_dialect,5),t(C.register_dialect,'d2',quoting=99),t(C.unregister_dialect,'zz'),C.reader(['a|b'],'d1').__next__(),C.unregister_dialect('d1'),C.list_dialects(),t(C.register_dialect,'q',None,delimiter='ab'),t(C.register_dialect),C.register_dialect('d3',D),C.get_dialect('d3').quotechar,t(C.get_dialect),t(C.unregister_dialect))
d=C.Dialect(); print([(n,getattr(d,n)) for n in ('delimiter','doublequote','escapechar','lineterminator','quotechar','quoting','skipinitialspace','strict')],t(setattr,d,'delimiter',1),t(delattr,d,'delimiter'),t(setattr,d,'quoting',1),C.Dialect(d) is d,C.Dialect(D).delimiter,C.Dialect(D,delimiter='x').delimiter,t(C.Dialect,escapechar=None).escapechar,t(C.Dialect,doublequote='x').doublequote)
print(C.field_size_limit(),C.field_size_limit(10),t(list,C.reader(['x'*11])),C.field_size_limit(131072),t(C.field_size_limit,'a'),t(C.field_size_limit,1,2),C.field_size_limit(),t(C.field_size_limit,2**70))
class E:
    def __str__(s): raise ValueError('no')
print(t(C.writer(W()).writerow,[E()]),C.Error.__mro__,t(C.writer(W()).writerow,['a']*3),[x for x in C.reader(iter(['1','2']))])
class BadIt:
    def __iter__(s): return s
    def __next__(s): raise OSError('z')
print(t(next,C.reader(BadIt())))
import copy,sys
print(t(copy.copy,d),type(t(type,'X',(C.Dialect,),{})),t(type,'X',(type(r),),{}) if 0 else '')
