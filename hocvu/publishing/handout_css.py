"""How handouts look, on paper and on a screen: the portal's colours, black text, no background that eats ink."""

CSS = """
:root { --ink: #16302e; --brand: #0b5e57; --deep: #083f3b; --line: #cfdcd7; --mai: #f5b82e; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; color: var(--ink); background: #fff; font: 400 11pt/1.5 "Be Vietnam Pro", system-ui, sans-serif;
  overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; color: var(--deep); break-after: avoid; }
h1 { font-size: 1.7em; } h2 { font-size: 1.3em; border-bottom: 3px solid var(--mai); padding-bottom: .2em; }
table { border-collapse: collapse; width: 100%; margin: .8em 0; font-size: .92em; }
th, td { border: 1px solid var(--line); padding: .35em .5em; text-align: left; vertical-align: top; }
tr, figure, blockquote, svg { break-inside: avoid; }
blockquote { margin: 1em 0; padding: .6em 1em; border-left: 5px solid var(--mai); background: #fff9e8; }
svg { max-width: 100%; height: auto; }
code { font-size: .88em; overflow-wrap: anywhere; }
.hocvu-tip { display: none; }
main { padding: 14mm 15mm 6mm; max-width: 210mm; margin: 0 auto; }
.licence { max-width: 210mm; margin: 0 auto; padding: 0 15mm 10mm; font-size: .78em; color: #4a605d; }
.kind { color: var(--brand); font-weight: 700; margin: 0; }
.hocvu-reports { font-size: .8em; }
.the-nho main { max-width: 148mm; padding: 8mm 9mm 2mm; }
.the-nho h2 { display: none; } .the-nho h3 { margin: 0 0 .4em; font-size: 1.25em; }
.the-nho blockquote { margin: 0; border: 2px solid var(--brand); border-radius: 8px; padding: .6em 1em;
  background: #fff; }
.the-nho p, .the-nho ul { margin: .35em 0; } .the-nho .licence { max-width: 148mm; padding: 0 9mm 4mm; }
.the-nho { font-size: 12pt; }
.poster header { background: var(--deep); color: #fff; margin: -14mm -15mm 6mm; padding: 12mm 15mm 8mm;
  border-bottom: 5px solid var(--mai); }
.poster header h1 { color: #fff; margin: .2em 0; font-size: 2em; } .poster header .kind { color: var(--mai); }
.poster { display: flex; flex-direction: column; justify-content: space-between; gap: 5mm; min-height: 277mm;
  padding-bottom: 2mm; }
.poster .pictures { display: flex; flex-wrap: wrap; gap: 4mm 8mm; } .poster .pictures p { width: 100%; margin: 0;
  font-size: .85em; } .poster figure { margin: 0; flex: 1 1 75mm; }
figcaption { font-weight: 700; margin-bottom: .4em; }
.poster svg { width: 100%; max-height: 62mm; } .poster li { margin: .35em 0; } .poster h2 { margin: 0 0 .5em; }
.do-hoa { font-size: 11pt; line-height: 1.4; } .do-hoa .licence { padding-bottom: 0; }
.slides { padding: 0; max-width: none; } .trinh-chieu .licence { display: none; }
.slide { position: relative; min-height: 100vh; padding: 6vh 7vw; break-after: page;
  font-size: clamp(16px, 2.1vw, 30px); scroll-snap-align: start; overflow: hidden; }
.slide .page { position: absolute; right: 3vw; bottom: 2vh; font-size: .6em; color: #4a605d; margin: 0; }
.slide svg { width: 100%; max-height: 56vh; } .slide figure { margin: 0; text-align: center; }
.slide figcaption { text-align: left; font-size: .9em; }
.cover { margin-top: 22vh; } .cover h1 { font-size: 2.2em; margin: .3em 0; }
.slide li { margin: .4em 0; } .slide details { margin-top: 1em; }
.slide table { font-size: .7em; }
@media screen { html:has(.slides) { scroll-snap-type: y proximity; } .slide { border-bottom: 1px solid var(--line); } }
@media print { .slide { min-height: 0; height: 166mm; font-size: 16pt; padding: 12mm 18mm; }
  .slide svg { max-height: 92mm; } .cover { margin-top: 45mm; } }
.share { width: 1200px; height: 630px; max-width: none; margin: 0; padding: 70px 80px; color: #fff; background:
  linear-gradient(120deg, #083f3b, #0b5e57); border-bottom: 16px solid var(--mai);
  display: flex; flex-direction: column; }
.share h1 { color: #fff; font-size: 62px; margin: 18px 0; } .share p { font-size: 31px; margin: 0; }
.share .kind { color: var(--mai); } .share footer { margin-top: auto; font-size: 25px; }
@media (max-width: 40rem) { main, .licence { padding-left: 16px; padding-right: 16px; }
  .poster header { margin-left: -16px; margin-right: -16px; padding-left: 16px; padding-right: 16px; }
  table { display: block; overflow-x: auto; } }
"""
