// A module-federation container written by hand: what a bundler would generate, for plain ES modules.
// JupyterLab calls init() with the packages it shares, then get("./extension") for our plugin.
(() => {
  const here = new URL("./", document.currentScript.src).href;
  const wanted = ["@jupyterlab/notebook", "@jupyterlab/cells"];
  let scope;

  async function take(name) {
    const offers = Object.values(scope[name] || {});
    if (offers.length === 0) throw new Error(`hocvu-lesson: ${name} is not shared`);
    return (await offers[0].get())();
  }

  async function load() {
    const plugin = await import(`${here}plugin.js`);
    const [notebook, cells] = await Promise.all(wanted.map(take));
    const exported = { __esModule: true, default: plugin.makePlugin({ notebook, cells }) };
    return () => exported;
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["hocvu-lesson"] = {
    init: (given) => { scope = given; },
    get: (module) => module === "./extension" ? load() : Promise.reject(new Error(`no module ${module}`)),
  };
})();
