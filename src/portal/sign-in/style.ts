/*
 * What the pages of pairing and signing in add to the one stylesheet: the field for the digits, the apps
 * behind the door, and the devices that were let in.
 */
export const SIGN_IN_STYLE = `
.plate p:last-child{margin-bottom:0}
label,legend{display:block;font-weight:600;margin:0 0 .375rem;padding:0}
input:not([type=radio]){display:block;width:100%;min-height:3rem;margin:0 0 1.25rem;padding:.5rem .875rem;font:inherit;color:inherit;
background:var(--card);border:1px solid var(--line);border-radius:.5rem}
input.digits,p.digits{font:600 clamp(2rem,1.2rem + 5vw,3rem)/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;
font-variant-numeric:tabular-nums}
input.digits{padding:.75rem 0 .75rem .28em;letter-spacing:.28em;text-align:center;border-width:2px;border-bottom:.375rem solid var(--lamp)}
input.digits::placeholder{color:var(--line);opacity:1}
button{font:inherit;cursor:pointer}
.pair{margin:1.75rem 0 0}.pair .button{width:100%;justify-content:center;font-size:1.125rem}
.passkey{margin:1.25rem 0 0}
.passkey::before{content:attr(data-or);display:flex;justify-content:center;color:var(--soft);margin:0 0 1rem}
.passkey .button{width:100%;justify-content:center}
.whence code{white-space:nowrap}
.apps,.ways,.known{list-style:none;margin:0;padding:0}
.apps{display:grid;gap:.75rem;margin:1.5rem 0}
.apps li{position:relative;display:flex;flex-wrap:wrap;gap:0 1rem;align-items:center;justify-content:space-between;
padding:.875rem 1.125rem;background:var(--card);border:1px solid var(--line);border-left:.375rem solid var(--lamp);border-radius:.5rem}
.apps li[data-state=unwell]{border-left-color:var(--line)}
.apps li:hover,.apps li:focus-within{border-color:var(--deep);border-left-color:var(--lamp)}
.apps a{text-decoration:none;color:inherit}.apps a::after{content:"";position:absolute;inset:0;border-radius:.5rem}
.apps a:focus-visible{outline:none}.apps a:focus-visible::after{outline:3px solid var(--deep);outline-offset:3px}
.apps b{display:block;font:600 1.3125rem/1.3 ui-serif,"New York","Hiragino Mincho ProN","Yu Mincho",Georgia,"Noto Serif",serif}
.apps .where{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
.ways{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0 1.5rem}.ways a{display:block;padding:.5rem 0}
.known>li{padding:1.25rem 0;border-top:1px solid var(--line)}.known>li:last-child{border-bottom:1px solid var(--line)}
.known p{margin:0}.known .name{font-size:1.1875rem;display:flex;flex-wrap:wrap;gap:.25rem .625rem;align-items:center}
.badge{font-size:.8125rem;font-weight:600;padding:.0625rem .625rem;border-radius:1rem;background:var(--glow);color:var(--ink)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.625rem 1.25rem;margin:.75rem 0}
dl div{min-width:0}dt{color:var(--soft);font-size:.8125rem}dd{margin:0;font-size:.9375rem;overflow-wrap:anywhere}
.acts{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:baseline;font-size:.9375rem}
.acts a,.acts summary{display:inline-block;padding:.375rem 0;color:var(--deep);text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
.acts summary::-webkit-details-marker{display:none}.acts summary{list-style:none}
.acts details[open]{flex-basis:100%}.rename{display:flex;gap:.75rem;margin:.5rem 0}
.acts .rename input{flex:1;min-width:0;margin:0}
.button.danger{background:var(--bad);border-color:var(--bad);color:var(--paper)}
fieldset{margin:0 0 1.5rem;padding:0;border:0}
fieldset label{display:flex;gap:.75rem;align-items:center;min-height:3rem;margin:0;font-weight:400;border-bottom:1px solid var(--line);cursor:pointer}
input[type=radio]{flex:none;width:1.25rem;height:1.25rem;margin:0;accent-color:var(--deep)}
p.digits{display:flex;gap:.4em;letter-spacing:.08em}
.steps li.last-digits{padding-bottom:0}.steps li.last-digits::after{display:none}
`;
