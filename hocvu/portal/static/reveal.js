// A box under each password field marked data-reveal: shows what is typed. Without JavaScript there is simply no box.
for (const input of document.querySelectorAll("input[data-reveal]")) {
  const row = document.createElement("div");
  const box = document.createElement("input");
  const label = document.createElement("label");
  row.className = "option";
  box.type = "checkbox";
  box.id = `${input.id}-hien`;
  label.htmlFor = box.id;
  label.textContent = input.dataset.reveal;
  box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  row.append(box, label);
  input.after(row);
}
