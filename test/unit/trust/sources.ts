/** Programs of a few megabytes or of endless loops, which are generated rather than kept. */
const python = 'import torch\nimport torch.nn as nn\n';
const javascript = 'import * as tf from "@tensorflow/tfjs";\n';
const pool = 'm=nn.MaxPool2d(2,2)\n';
const jsPool = 'tf.layers.maxPooling2d({poolSize:2,strides:2})\n';

/** A network whose strided convolution is handed to what a text calls. */
function calling(callee: string): string {
  return `${python}class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.c=nn.Conv2d(8,8,3,stride=2)\n    def forward(self,x):\n        return ${callee}(self.c(x))\n`;
}

function inherited(count: number): string {
  const classes = Array.from(
    { length: count },
    (_, index) =>
      `class A${index + 1}(A${index}):\n    def __init__(self):\n        super().__init__()\n        self.c${index}=nn.MaxPool2d(2,2)\n`,
  );
  return `class A0(nn.Module): pass\n${classes.join('')}m=A${count}()\n`;
}

function diamond(depth: number): string {
  const classes = Array.from(
    { length: depth },
    (_, index) => `class A${index + 1}(A${index},B${index}): pass\nclass B${index + 1}(A${index},B${index}): pass\n`,
  );
  return `class A0(nn.Module): pass\nclass B0(nn.Module): pass\n${classes.join('')}class Z(A${depth},B${depth}):\n    def __init__(self):\n        super().__init__()\n        self.p=nn.MaxPool2d(2,2)\nm=Z()\nm.zzz\n`;
}

/** By name: the text, and whether judging comes to the end of it. */
export const hostilePython: Readonly<Record<string, string>> = {
  'endless loop': `${python}while True:\n    x=nn.Conv2d(3,3,3,stride=2)\n`,
  'loop of 10^9': `${python}ls=[]\nfor i in range(10**9):\n    ls.append(nn.Conv2d(3,3,3,stride=2))\nm=nn.Sequential(*ls)\n`,
  'comprehension of 10^15': `${python}m=nn.Sequential(*[nn.Conv2d(3,3,3,stride=2) for a in range(10**5) for b in range(10**5) for c in range(10**5)])\n`,
  'text of 10^18': `${python}s="a"*10**9\nt=s*10**9\n${pool}`,
  'texts that double, of which it may be one or another': `${python}if a: s="a"\nelse: s="b"\n${'s+=s\n'.repeat(60)}${pool}`,
  'lists that double, of which it may be one or another': `${python}if a: s=[1]\nelse: s=[2]\n${'s+=s\n'.repeat(60)}${pool}`,
  'list of 10^9': `${python}m=nn.Sequential(*([nn.MaxPool2d(2,2)]*10**9))\n`,
  'tuple that doubles': `${python}x=(1,)\n${'x=(*x,*x)\n'.repeat(60)}${pool}`,
  'dict that doubles and is copied': `${python}import copy\nx={"a":1}\n${'x={"a":x,"b":x}\n'.repeat(60)}y=copy.deepcopy(x)\n${pool}`,
  'sequence that doubles': `${python}m=nn.MaxPool2d(2,2)\n${'m=nn.Sequential(m,m)\n'.repeat(60)}y=m(1)\n`,
  recursion: `${python}def f(n):\n    return nn.Sequential(f(n-1),f(n-1),nn.MaxPool2d(2,2))\nm=f(10**6)\n`,
  brackets: `${python}x=${'('.repeat(10_000)}1${')'.repeat(10_000)}\n${pool}`,
  lists: `${python}x=${'['.repeat(10_000)}1${']'.repeat(10_000)}\n${pool}`,
  calls: `${python}x=${'f('.repeat(10_000)}nn.MaxPool2d(2,2)${')'.repeat(10_000)}\n`,
  signs: `${python}x=${'-'.repeat(100_000)}1\n${pool}`,
  sum: `${python}x=${Array.from({ length: 50_000 }, () => '1').join('+')}\n${pool}`,
  attributes: `${python}x=a${'.b'.repeat(100_000)}\n${pool}`,
  'chain of calls': `${python}x=a${'.b()'.repeat(20_000)}\n${pool}`,
  'long name that is called twice': `${python}${'a'.repeat(400_000)}()()\n${pool}`,
  'long name that may be a normalisation': calling(`y[${'bn'.repeat(200_000)}]`),
  'long name that may be an activation': calling(`y[nonlin${'1'.repeat(400_000)}]`),
  branches: `${python}if a: pass\n${'elif b: m=nn.MaxPool2d(2,2)\n'.repeat(5000)}`,
  'elif in elif': `${python}if a: pass\n${'elif b: m=nn.MaxPool2d(2,2)\n'.repeat(1500)}`,
  'long line': `${python}x="${'a'.repeat(10_000_000)}"\n${pool}`,
  'long list': `${python}x=[${'1,'.repeat(5_000_000)}]\n${pool}`,
  'bases in a row': `${python}${inherited(400)}`,
  'texts that are kept': `${python}s="a"*60000\nt=[]\nfor i in range(40):\n    for j in range(40):\n        for k in range(40):\n            t.append(s+str(k))\n${pool}`,
  'bases that share bases': `${python}${diamond(40)}`,
  'bases in a circle': `${python}class A(B): pass\nclass B(A): pass\nm=B()\nm.x=nn.MaxPool2d(2,2)\n`,
  'list in itself': `${python}x=[]\nx.append(x)\nm=nn.Sequential(*x, nn.MaxPool2d(2,2))\nn=nn.Sequential(x)\n`,
  'comment of spaces': `${python}m=nn.MaxPool2d(2,2) # shiftlint: disable=a${' '.repeat(200_000)}x\n`,
  'import of imports': `${'import x:'.repeat(40_000)}\n${python}${pool}`,
  lambdas: `${python}x=${'lambda a:'.repeat(20_000)}1\n${pool}`,
  'powers of powers': `${python}s=9**9**9**9\nm=nn.Conv2d(3,3,3,stride=s)\nz=1<<10**9\n${pool}`,
  'arguments of a dict that doubles': `${python}x={"a":1}\n${'x={"a":x,"b":x}\n'.repeat(60)}m=nn.Conv2d(3,3,3,stride=2,**x)\n`,
  'functions that call each other in a circle': `${python}${Array.from({ length: 300 }, (_, at) => `def f${at}(s=2):\n    return nn.Sequential(f${(at + 1) % 300}(s),f${(at + 2) % 300}(s),nn.MaxPool2d(2,s))\n`).join('')}m=f0()\n`,
  'sequences within each other': `${python}x=${'nn.Sequential('.repeat(10_000)}nn.MaxPool2d(2,2)${')'.repeat(10_000)}\n`,
  'if in if': `${python}${Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')}${' '.repeat(900)}${pool}`,
  'layers of one line': `${python}x=[${'nn.MaxPool2d(2,2),'.repeat(25_000)}]\n`,
  'layers of many lines': `${python}${Array.from({ length: 12_000 }, (_, at) => `m${at}=nn.Conv2d(3,3,3,stride=2)\n`).join('')}`,
  'layers of more lines than are judged': `${python}${Array.from({ length: 50_000 }, (_, at) => `m${at}=nn.Conv2d(3,3,3,stride=2)\n`).join('')}`,
  'classes of a layer each': `${python}${Array.from({ length: 2_500 }, (_, at) => `class M${at}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.c=nn.Conv2d(3,3,3,stride=2)\n    def forward(self,x):\n        return self.c(x)\n`).join('')}`,
  'list and dict in themselves': `${python}x=[]\nx.append(x)\nm=nn.Sequential(*x, nn.MaxPool2d(2,2))\nd={}\nd["d"]=d\nnn.Conv2d(3,3,3,stride=d["d"]["d"])\n`,
  'comment that disables much': `${python}m=nn.MaxPool2d(2,2) # shiftlint: disable=${Array.from({ length: 200_000 }, () => 'a').join(',')}\n`,
  'spaces around a comment': `${python}m=nn.MaxPool2d(2,2)${' '.repeat(200_000)}#${' '.repeat(200_000)}x\n`,
  'long comment': `${python}${'#'.repeat(500_000)}\n${pool}`,
  'import of many names': `from torch import ${Array.from({ length: 50_000 }, (_, at) => `a${at}`).join(',')}\nimport torch.nn as nn\n${pool}`,
  'empty lines': `${python}${'\n'.repeat(500_000)}${pool}`,
  'characters of no value': `${python}${'\0'.repeat(500_000)}\n${pool}`,
  'formatted texts in formatted texts': `${python}x=${'f"{'.repeat(200)}1${'}"'.repeat(200)}\n${pool}`,
  decorators: `${python}${'@a\n'.repeat(50_000)}def f(): return nn.MaxPool2d(2,2)\n`,
  'arguments that are handed back and forth': `${python}def f(**k):\n    return g(**k,**k)\ndef g(**k):\n    return f(**k)\n${pool}f(a=1)\n`,
  'texts that are filled': `${python}x="%1000000000d" % 5\ny="{:>1000000000}".format(1)\nz="x".ljust(10**9)\nq=",".join(["a"]*10**9)\n${pool}`,
  'lists of ranges': `${python}m=[nn.MaxPool2d(2,s) for s,_ in zip(range(10**9),range(10**9))]\nn=list(range(10**9))\no=sorted(range(10**9))\np=dict(enumerate(range(10**9)))\n`,
  'wildcards and unknown names': `${python}${'from a import *\n'.repeat(2000)}${'x=y\n'.repeat(2000)}${pool}`,
};

export const hostileJavascript: Readonly<Record<string, string>> = {
  'endless loop': `${javascript}const m=tf.sequential();\nwhile(true){m.add(tf.layers.conv2d({filters:1,kernelSize:3,strides:2}))}\n`,
  'list that spreads itself': `${javascript}let a=[tf.layers.maxPooling2d({poolSize:2,strides:2})];\n${'a=[...a,...a];\n'.repeat(60)}tf.sequential({layers:a})\n`,
  arrows: `${javascript}x=${'()=>'.repeat(10_000)}1;\n${jsPool}`,
  'chain of calls': `${javascript}x=tf.tensor(1)${'.maxPool(2,2,"same")'.repeat(20_000)};\n`,
  choices: `${javascript}x=${'a?b:'.repeat(20_000)}1;\n${jsPool}`,
  objects: `${javascript}x=${'{a:'.repeat(10_000)}1${'}'.repeat(10_000)};\n${jsPool}`,
  blocks: `${javascript}${'{'.repeat(10_000)}${jsPool}${'}'.repeat(10_000)}\n`,
  elements: `${javascript}const x=${'<a>'.repeat(5000)}${'</a>'.repeat(5000)};\n${jsPool}`,
  'loop in a loop': `${javascript}const m=tf.sequential();\nfor(let i=0;i<1e9;i++){for(let j=0;j<1e9;j++){m.add(tf.layers.maxPooling2d({poolSize:2,strides:2}))}}\n`,
  'texts and lists of 10^9': `${javascript}const s="a".repeat(1e9).padStart(1e9);\nconst a=Array(1e9).fill(${jsPool.trim()});\nconst b=Array.from({length:1e9},()=>${jsPool.trim()});const z=new Array(1e9).join("x")\n`,
  brackets: `${javascript}x=${'('.repeat(10_000)}1${')'.repeat(10_000)};\n${jsPool}`,
  types: `${javascript}const x: ${'A<'.repeat(5000)}B${'>'.repeat(5000)} = 1;\n${jsPool}`,
  templates: `${javascript}x=${'`${'.repeat(1000)}1${'}`'.repeat(1000)};\n${jsPool}`,
  'import of spaces': `import${' '.repeat(200_000)}x\n${javascript}${jsPool}`,
};

/** Programs that are judged whole, but whose strides nobody can know: the language, the text, and how many layers they have. */
export const unknownStrides: Readonly<Record<string, readonly ['python' | 'tsx', string, number]>> = {
  'as long as a text of 10^18': ['python', `${python}s="a"*10**9\nt=s*10**9\nm=nn.Conv2d(3,3,3,stride=len(t))\n`, 1],
  'a power of powers': ['python', `${python}s=9**9**9**9\nm=nn.Conv2d(3,3,3,stride=s)\n`, 1],
  'an attribute that asks for attributes': [
    'python',
    `${python}class A:\n    def __getattr__(self,n):\n        return getattr(self,n+n)\nm=nn.MaxPool2d(2,getattr(A(),"x"))\n`,
    1,
  ],
  'powers and prototypes': [
    'tsx',
    `${javascript}const s=2n**100000000n; tf.layers.maxPooling2d({poolSize:2,strides:9**9**9})\nconst {__proto__:p, constructor:c}={}; tf.layers.maxPooling2d({poolSize:2,strides:p, ["__proto__"]:3, __proto__:{strides:2}})\n`,
    2,
  ],
};
