import type { LinkedModule, ModuleTable } from "./moduleTable.ts";

/**
 * The place of each module in the order in which a program that imports all of them runs them, as far as imports tell:
 * a module's imports run before what stands behind them. Cycles are cut where they are entered. Yields between imports.
 */
export function* importOrder(table: ModuleTable): Generator<undefined, ReadonlyMap<LinkedModule, number>> {
  const order = new Map<LinkedModule, number>();
  const entered = new Set<LinkedModule>();
  const sorted = [...table.modules].sort((a, b) => (a.summary.uri < b.summary.uri ? -1 : 1));
  for (const start of sorted) {
    const stack: { module: LinkedModule; at: number }[] = [];
    if (!entered.has(start)) {
      entered.add(start);
      stack.push({ module: start, at: 0 });
    }
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      yield;
      const fact = top.module.summary.imports[top.at++];
      if (!fact) {
        order.set(top.module, order.size);
        stack.pop();
        continue;
      }
      if (fact.run?.never || top.module.inFunction(fact.scope)) continue;
      for (const module of imported(table, top.module, fact.module, fact.level, fact.names ?? [])) {
        if (entered.has(module)) continue;
        entered.add(module);
        stack.push({ module, at: 0 });
      }
    }
  }
  return order;
}

/** The modules that one import statement runs. */
function imported(
  table: ModuleTable,
  from: LinkedModule,
  name: string,
  level: number,
  names: readonly string[],
): LinkedModule[] {
  const found = table.resolve(name, level, from);
  const result: LinkedModule[] = [];
  const prefix = typeof found === "string" ? found : found.name;
  for (const member of names) {
    const submodule = member === "*" ? undefined : table.find(`${prefix}.${member}`, from);
    if (submodule) result.push(submodule);
  }
  // Pushed last, so that it runs first: the package before its modules.
  if (typeof found !== "string") result.push(found);
  return result;
}

/**
 * The modules that run, or ran before, when a module is imported: those that it imports by itself, and the packages that
 * it and they lie in.
 */
export function importedModules(table: ModuleTable, from: LinkedModule): LinkedModule[] {
  const facts = from.summary.imports.filter(({ run, scope }) => !run?.never && !from.inFunction(scope));
  const found = facts.flatMap(({ module, level, names }) => imported(table, from, module, level, names ?? []));
  return [...found, ...[from, ...found].flatMap((module) => packagesAround(table, module))];
}

function packagesAround(table: ModuleTable, { name }: LinkedModule): LinkedModule[] {
  const result: LinkedModule[] = [];
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const around = table.find(name.slice(0, dot));
    if (around) result.push(around);
  }
  return result;
}
