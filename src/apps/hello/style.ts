/*
 * The looks of the hello page; goes into it as it is and is allowed by its hash.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f7f4ed;--card:#fffdf8;--ink:#24211c;--soft:#665f54;--line:#dcd3c3;
--deep:#1d4a63;--on-deep:#fdfbf6;--lamp:#d98b3a;--well:#2f6b45;--unwell:#a23b2a}
@media (prefers-color-scheme:dark){:root{--paper:#161513;--card:#1f1d1a;--ink:#ece6da;--soft:#aaa192;--line:#3a352d;
--deep:#a8cbdd;--on-deep:#10212b;--lamp:#e9ad62;--well:#8fcaa4;--unwell:#eb9c8d}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;
font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:44rem;margin:0 auto;padding:2.25rem 1.375rem 3rem}
h1,h2,.clock{font-family:ui-serif,"New York","Hiragino Mincho ProN","Yu Mincho",Georgia,"Noto Serif",serif;font-weight:600}
h1{font-size:clamp(2rem,1.5rem + 2.4vw,2.75rem);line-height:1.15;margin:0 0 .75rem;text-wrap:balance}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.9em}
h2{font-size:1.25rem;margin:0 0 .75rem}
p{margin:0 0 1rem}
section{margin-top:1.25rem;padding:1.25rem;background:var(--card);border:1px solid var(--line);border-radius:.625rem}
dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.375rem 1.25rem;margin:0}
dt{color:var(--soft)}dd{margin:0}
@media (max-width:30rem){dl{display:block}dd{margin-bottom:.5rem}}
.state{color:var(--soft);font-size:.9375rem}
.state b{font-weight:600}
[data-state=well]{color:var(--well)}[data-state=well]::before{content:"\\25CF  "}
[data-state=unwell]{color:var(--unwell)}[data-state=unwell]::before{content:"\\25CB  "}
form{display:flex;flex-wrap:wrap;gap:.625rem;align-items:end;margin:0}
label{flex:1 1 12rem;color:var(--soft);font-size:.9375rem}
input{display:block;width:100%;min-height:3rem;margin-top:.25rem;padding:.5rem .75rem;font:inherit;color:var(--ink);
background:var(--paper);border:1px solid var(--soft);border-radius:.5rem}
button{min-height:3rem;padding:.5rem 1.375rem;font:inherit;font-weight:600;border-radius:.5rem;cursor:pointer;
border:1px solid var(--deep);background:var(--deep);color:var(--on-deep)}
button:disabled{opacity:.45;cursor:default}
:focus-visible{outline:3px solid var(--deep);outline-offset:2px}
#heard{list-style:none;margin:.875rem 0 0;padding:0;min-height:1.6em}
#heard li{padding:.25rem 0 .25rem .875rem;border-left:.25rem solid var(--lamp);margin-bottom:.375rem}
.clock{font-size:1.75rem;font-variant-numeric:tabular-nums;margin:0;min-height:1.6em}
table{width:100%;border-collapse:collapse;font-size:.875rem;
font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;border-top:1px solid var(--line);font-weight:400}
th{color:var(--soft);width:12rem}
tr:first-child>*{border-top:0}
@media (max-width:36rem){table,tbody,tr,th,td{display:block;width:auto}tr{border-top:1px solid var(--line);padding:.375rem 0}
tr:first-child{border-top:0}th,td{border:0;padding:0}}
@media (min-width:48rem){main{padding-top:4rem}.pair{display:grid;grid-template-columns:3fr 2fr;gap:1.25rem}}
`;
