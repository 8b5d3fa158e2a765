// A module-federation container written by hand, as in the lesson site's extension: plain ES modules, no bundler.
(() => {
  const here = new URL("./", document.currentScript.src).href;
  let scope;

  async function take(name) {
    const offers = Object.values(scope[name] || {});
    if (offers.length === 0) throw new Error(`hocvu-workshop: ${name} is not shared`);
    return (await offers[0].get())();
  }

  async function load() {
    const plugin = await import(`${here}workshop.js`);
    const exported = { __esModule: true, default: plugin.makePlugin({ notebook: await take("@jupyterlab/notebook") }) };
    return () => exported;
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["hocvu-workshop"] = {
    init: (given) => { scope = given; },
    get: (module) => module === "./extension" ? load() : Promise.reject(new Error(`no module ${module}`)),
  };
})();
