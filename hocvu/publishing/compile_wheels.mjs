// Replace the .py files of wheels by .pyc, compiled by the very Python that will run them in the browser.
// Usage: node compile_wheels.mjs <pyodide.mjs> <wheel>…   (each wheel is rewritten in place)
import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const COMPILE = `
import io, zipfile
from importlib import _bootstrap_external as boot

def compiled(name, source):
    # Unchecked hash: a .pyc without its source beside it needs no date to compare.
    code = compile(source, name, "exec", dont_inherit=True)
    return bytes(boot._code_to_hash_pyc(code, b"\\0" * 8, False))

def compile_wheel(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content, name = old.read(item), item.filename
            if "/tests/" in name:
                continue
            if name.endswith(".py"):
                content, name = compiled(name, content), name + "c"
            new.writestr(zipfile.ZipInfo(name, item.date_time), content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
`;

const [modulePath, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(modulePath).href);
const pyodide = await loadPyodide({ indexURL: dirname(modulePath) + "/" });
pyodide.runPython(COMPILE);
const compileWheel = pyodide.globals.get("compile_wheel");
for (const wheel of wheels) {
  const result = compileWheel(pyodide.toPy(new Uint8Array(await readFile(wheel))));
  await writeFile(wheel, result.toJs());
  result.destroy();
}
process.exit(0);
