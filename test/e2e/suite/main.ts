// VS Code requires this module in its extension host and calls run(); the suite's tests are bundled beside it.
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import mochaModule from "mocha";
import { settings } from "./settings.ts";

// The Node of an older VS Code hands over the module's namespace instead of its default.
const Mocha = (mochaModule as { default?: typeof mochaModule }).default ?? mochaModule;

/** Runs the suite; rejects where a test fails. What happened is in the file that the runner named. */
export function run(): Promise<void> {
  const { result, log, grep, pictures, patience } = settings;
  const file = (text: string): void => appendFileSync(log, `${text}\n`);
  Mocha.reporters.Base.consoleLog = (...values: unknown[]): void => file(format(...values));
  const mocha = new Mocha({ ui: "bdd", color: false, reporter: "spec", slow: 60_000, timeout: 3 * patience + 2000 });
  if (grep) mocha.grep(new RegExp(grep, "i"));
  mocha.rootHooks({
    async afterEach(this: Mocha.Context) {
      const { currentTest } = this;
      if (!pictures || currentTest?.state !== "failed") return;
      file(`screenshot: ${currentTest.fullTitle()}`);
      await new Promise((done) => setTimeout(done, 1000));
    },
  });
  mocha.addFile(join(__dirname, "tests.cjs"));
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      // Outside, only this file is believed: VS Code reports success also where its extension host was killed.
      writeFileSync(result, JSON.stringify(runner.stats));
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
  });
}
