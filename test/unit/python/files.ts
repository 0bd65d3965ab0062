/** The Python files of a fixture: a line `# - /path.py` opens one. What stands before the first such line is `/a.py`. */
export function pythonFiles(fixture: string): { uri: string; text: string }[] {
  const files: { uri: string; text: string }[] = [];
  let open: { uri: string; lines: string[] } = { uri: "/a.py", lines: [] };
  const close = () => {
    if (open.lines.some((line) => line.trim() !== "")) files.push({ uri: open.uri, text: open.lines.join("\n") });
  };
  for (const line of fixture.split("\n")) {
    const header = /^# - (\/\S+\.py)$/.exec(line);
    if (header) {
      close();
      open = { uri: header[1]!, lines: [] };
    } else open.lines.push(line);
  }
  close();
  return files;
}

/** The names that a file can be imported under: its path, and `__main__` for `/main.py`. */
export function moduleNames(uri: string): string[] {
  if (uri === "/main.py") return ["__main__"];
  const name = uri.slice(1, -".py".length).replaceAll("/", ".");
  return [name.replace(/\.?__init__$/, "") || "__init__"];
}
