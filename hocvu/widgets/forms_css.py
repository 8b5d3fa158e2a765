"""How the forms stand, in JupyterLab as on the lesson site: texts wrap, nothing is cut, labels go above on a phone.

ipywidgets lays out rows of fixed height with labels cut off; each rule here undoes one of those. Colours are the
lesson site's own (widgets.css of the labextension).
"""

FORM_CSS = """
.hocvu-question .jupyter-widgets { margin-left: 0; margin-right: 0; box-sizing: border-box; max-width: 100%; }
.hocvu-question .widget-html, .hocvu-question .widget-radio, .hocvu-question .widget-checkbox,
.hocvu-question .widget-dropdown, .hocvu-question .widget-text { height: auto; }
.hocvu-question .widget-html-content { line-height: 1.5; }
.hocvu-question .widget-html-content p { margin: 0 0 .35em; }
.hocvu-question .widget-label { height: auto; max-width: 100%; line-height: 1.4; text-align: left; white-space: normal;
  overflow: visible; }
.hocvu-lists > .widget-dropdown { display: flex; align-items: center; gap: .25em 1em; }
.hocvu-lists > .widget-dropdown > .widget-label { flex: 1 1 50%; width: auto !important; }
.hocvu-lists > .widget-dropdown > select { flex: 1 1 50%; max-width: 22rem; }
.hocvu-texts > .widget-textarea, .hocvu-question > .hocvu-typed { display: flex; flex-direction: column;
  align-items: stretch; height: auto; }
.hocvu-texts > .widget-textarea > textarea { min-height: 5em; }
.hocvu-question > .hocvu-typed > input { max-width: 14rem; }
.hocvu-question .widget-radio-box label, .hocvu-ticks > .widget-checkbox > label { height: auto; width: auto;
  line-height: 1.5; white-space: normal; }
.hocvu-story { border-left: 5px solid #f5b82e; padding-left: .9em; margin: .5em 0 .25em; }
.hocvu-part { margin-top: .75em; }
.hocvu-sure { align-items: center; gap: .25em 1em; margin-top: .75em; }
.hocvu-sure > .widget-dropdown { display: flex; align-items: center; gap: .25em .75em; flex-wrap: wrap; height: auto; }
.hocvu-sure > .widget-dropdown > .widget-label { width: auto !important; opacity: .85; }
.hocvu-sure > .widget-dropdown > select { flex: 0 1 11rem; width: 11rem; min-width: 9rem; }
.hocvu-sure-status p { margin: 0 !important; }
.hocvu-question .widget-radio-box { height: auto; max-width: 100%; }
@media (max-width: 40rem) {
  .hocvu-lists > .widget-dropdown { flex-direction: column; align-items: stretch; }
  .hocvu-lists > .widget-dropdown > .widget-label, .hocvu-lists > .widget-dropdown > select { flex: none;
    max-width: 100%; }
}
"""
