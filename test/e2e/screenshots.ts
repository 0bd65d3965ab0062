import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";

/** How many windows are open at once: starting one keeps the machine busy only half of the time. */
const WINDOWS = 2;

export interface Walk {
  readonly browser: Browser;
  /** Where VS Code servers answer that have the extension: one trusts every folder, one opens them in Restricted Mode. */
  readonly origins: { readonly trusted: string; readonly restricted: string };
  /** Makes a folder to open: VS Code keeps what is open and unsaved in one for the next window. `settings` hold in it. */
  readonly makeWorkspace: (settings: Readonly<Record<string, unknown>>) => Promise<string>;
  /** Where the pictures go. */
  readonly folder: string;
  /** Only the pictures whose name contains one of them; all where there are none. */
  readonly words: readonly string[];
}

/** Walks through the editor as a user does, and keeps a picture of each thing there is to see; counts them as tests. */
export async function takeScreenshots(walk: Walk): Promise<{ passed: number; failed: number }> {
  const outcome = { passed: 0, failed: 0 };
  const { words } = walk;
  const names = Object.keys(pictures).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift())
      // A busy machine loses a key now and then; what fails in two windows is broken.
      if ((await takeScreenshot(walk, name)) || (await takeScreenshot(walk, name))) outcome.passed++;
      else outcome.failed++;
  };
  await Promise.all(Array.from({ length: WINDOWS }, work));
  return outcome;
}

/** Takes one picture, in a window of its own; whether what it shows came to be. */
async function takeScreenshot({ browser, origins, makeWorkspace, folder }: Walk, name: string): Promise<boolean> {
  const started = Date.now();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    const origin = name === "restricted mode" ? origins.restricted : origins.trusted;
    await page.goto(`${origin}/?folder=${encodeURIComponent(await makeWorkspace(settings[name] ?? {}))}`);
    await page.locator(".explorer-folders-view").getByText("pyproject.toml").waitFor();
    await pictures[name]?.(page);
    // What fades in has done so.
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(`  ✔ ${name} (${Date.now() - started} ms)`);
    return true;
  } catch (error) {
    console.log(`  ✖ ${name}\n${error}`);
    await page.screenshot({ path: join(folder, `failed ${name}.png`) }).catch(() => {});
    return false;
  } finally {
    await context.close();
  }
}

/** The settings of the workspace, by picture. */
const settings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "several versions": { "kerasConfig.kerasVersion": "2.15, 3.8, 3.12, 3.15" },
};

const pictures: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async problems(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    const rows = page.locator(".markers-panel .monaco-list-row");
    await rows.filter({ hasText: "Could not locate class 'Scale'" }).first().waitFor();
    await rows.filter({ hasText: "my_package>leaky_swihs" }).first().waitFor();
  },

  async completion(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await goTo(page, 5, 39);
    for (const _ of "Scale") await page.keyboard.press("Backspace");
    const suggestions = page.locator(".suggest-widget.visible .monaco-list-row");
    await page.keyboard.press("Control+Space");
    await suggestions.filter({ hasText: "my_package>Scale" }).waitFor();
    await suggestions.filter({ hasText: "my_package>Residual" }).waitFor();
    // Shows the documentation beside the list.
    await page.keyboard.press("Control+Space");
    await page.getByText("learned factor").first().waitFor();
  },

  async "completion in config"(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await page.keyboard.press("Control+A");
    // Over a selection, quotes would be set around it.
    await page.keyboard.press("Delete");
    await page.keyboard.type('{"module": "keras.layers", "class_name": "Conv2D", "config": {"name": "conv2d", ');
    const suggestions = page.locator(".suggest-widget.visible .monaco-list-row");
    await page.keyboard.press("Control+Space");
    await suggestions.filter({ hasText: "kernel_size" }).waitFor();
    // Shows the documentation beside the list.
    await page.keyboard.press("Control+Space");
    await page.getByText("dimension of the output space").first().waitFor();
  },

  async hover(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await goTo(page, 5, 30);
    await hover(page, "Multiplies each feature");
  },

  async "hover on a problem"(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await goTo(page, 17, 35);
    await hover(page, "Could not locate class 'Scale'");
  },

  async definition(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await goTo(page, 5, 30);
    await page.keyboard.press("F12");
    await activeTab(page, "layers.py");
    await page.locator(".statusbar").getByText("Ln 7, Col 7").waitFor();
  },

  async references(page) {
    await openFile(page, "layers.py");
    await goTo(page, 7, 9);
    await again(async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Shift+F12");
      await page.locator(".zone-widget .ref-tree").getByText("scale.json").first().waitFor({ timeout: 3000 });
    });
    await page.locator(".zone-widget .ref-tree").getByText("model.keras").first().waitFor();
  },

  async outline(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await openFile(page, "two_towers.json");
    await goTo(page, 29, 20);
    // Without the files above it, the outline has room.
    await page.locator(".pane-header").filter({ hasText: "my-project" }).click();
    await command(page, "Explorer: Focus on Outline View");
    const rows = page.locator(".outline-pane .monaco-list-row");
    for (const name of ["two_towers", "encoder", "similarity"]) await rows.filter({ hasText: name }).first().waitFor();
  },

  async rename(page) {
    const preview = page.locator(".panel .monaco-list-row").filter({ hasText: "tower" }).first();
    await nameIt(page, "tower", "Control+Enter", preview);
  },

  async "rename to a name that is taken"(page) {
    await nameIt(page, "query", "Enter", page.getByText("has another layer named").first());
  },

  async warnings(page) {
    await openFile(page, "suspicious.json");
    await page.locator(".editor-instance .squiggly-warning").first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    const rows = page.locator(".markers-panel .monaco-list-row");
    await rows.filter({ hasText: "registered-name-on-builtin" }).first().waitFor();
    await rows.filter({ hasText: "unknown-loss-or-metric" }).first().waitFor();
  },

  async "inlay hints"(page) {
    await openFile(page, "digits.json");
    await page.locator(".editor-instance").getByText("54,410 params in total").first().waitFor();
    await goTo(page, 15, 24);
    await hover(page, "Output shape");
  },

  async "several versions"(page) {
    await openFile(page, "suspicious.json");
    await squiggles(page).first().waitFor();
    await goTo(page, 10, 32);
    await hover(page, "up to");
  },

  async "quick fixes"(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await goTo(page, 17, 35);
    await quickFix(page, "my_package>Scale");
  },

  async "quick fix that adds a decorator"(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await goTo(page, 28, 35);
    await quickFix(page, "register_keras_serializable");
  },

  async "problems of registrations"(page) {
    await openFile(page, "blocks.py");
    await squiggles(page).first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    const rows = page.locator(".markers-panel .monaco-list-row");
    await rows.filter({ hasText: "decorator-not-called" }).first().waitFor();
    await rows.filter({ hasText: "duplicate-registration" }).first().waitFor();
    // The other place that registers the name.
    await rows.filter({ hasText: "layers.py" }).first().waitFor();
  },

  async "quick fix of a registration"(page) {
    await openFile(page, "blocks.py");
    await squiggles(page).first().waitFor();
    await goTo(page, 6, 20);
    await quickFix(page, "Add `()`");
  },

  async "problem in a notebook"(page) {
    await openFile(page, "explore.ipynb");
    await page.locator(".notebookOverlay .squiggly-error").first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    const rows = page.locator(".markers-panel .monaco-list-row");
    await rows.filter({ hasText: "decorator-not-called" }).first().waitFor();
  },

  async archive(page) {
    await openFile(page, "model.keras", "config.json");
    await squiggles(page).first().waitFor();
  },

  async "archive that is none"(page) {
    await openFile(page, "notes.keras");
    const frame = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await frame.getByText("notes.keras").first().waitFor();
  },

  async "long line"(page) {
    await openFile(page, "one_line.json");
    await ready(page);
    await page.locator(LANGUAGE_STATUS).hover();
    await page.getByText("One long line").first().waitFor();
  },

  async "long line opened formatted"(page) {
    await openFile(page, "one_line.json");
    await ready(page);
    await again(async () => {
      await command(page, "Keras Config: Open Formatted");
      await activeTab(page, "one_line.formatted.json", 3000);
    });
    await goTo(page, 380, 1);
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "Scale" }).first().waitFor();
    await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "Scale" }).first().dblclick();
    await squiggles(page).first().waitFor();
  },

  async "language status"(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await page.locator(LANGUAGE_STATUS).hover();
    await page.getByText("Keras 3.12.4").first().waitFor();
  },

  async "check all configs"(page) {
    const rows = page.locator(".markers-panel .monaco-list-row");
    await command(page, "Keras Config: Check All Configs in Workspace");
    await rows.first().waitFor();
    // Asked again, the view of the problems stays.
    await command(page, "Keras Config: Check All Configs in Workspace");
    await page.waitForTimeout(2000);
    await page.getByRole("button", { name: "Collapse All" }).last().click({ timeout: 3000 });
    for (const name of ["broken_model.json", "one_line", "config.json", "notes.keras"])
      await rows.filter({ hasText: name }).first().waitFor();
  },

  async "registered objects"(page) {
    await command(page, "Keras Config: Go to Registered Object");
    await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "my_package>Scale" }).waitFor();
  },

  async "keras versions"(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await command(page, "Keras Config: Select Keras Version");
    await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "3.15.1" }).waitFor();
  },

  async commands(page) {
    await openFile(page, "scale.json");
    await ready(page);
    await palette(page, "Keras Config: ");
    await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Restart Language Server" }).waitFor();
  },

  async output(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await again(async () => {
      await command(page, "Keras Config: Show Output");
      await page.locator(".panel .view-lines").first().waitFor({ timeout: 10_000 });
    });
  },

  async settings(page) {
    await command(page, "Preferences: Open Settings (UI)");
    await page.locator(".settings-editor .search-container .view-lines").click();
    await page.keyboard.type("@ext:keras-config.keras-config");
    await page.setViewportSize({ width: 1280, height: 1200 });
    await page.locator(".settings-editor").getByText("Keras Version").first().waitFor();
  },

  async "restricted mode"(page) {
    await page.locator(".statusbar").getByText("Restricted Mode").waitFor();
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
  },

  async "rule page"(page) {
    await openFile(page, "broken_model.json");
    await squiggles(page).first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    await page
      .locator(".markers-panel .monaco-list-row a")
      .filter({ hasText: "class-not-registered" })
      .first()
      .click({
        modifiers: ["Control"],
      });
    await activeTab(page, "class-not-registered");
  },
};

function squiggles(page: Page): Locator {
  return page.locator(".squiggly-error");
}

/** The braces in the status bar beside the name of the language, under which language status items are. */
const LANGUAGE_STATUS = ".statusbar .statusbar-item[id='status.languageStatus']";

/** Waits until the extension shows that its server knows the active config. */
async function ready(page: Page): Promise<void> {
  await page.locator(`${LANGUAGE_STATUS}[aria-label*="Python read"]`).waitFor();
  await page
    .locator(".editor-instance .view-lines")
    .first()
    .click({ position: { x: 2, y: 9 }, force: true });
}

/** Tries until it works: what is asked before the workspace was read has no answer yet. */
async function again(attempt: () => Promise<void>): Promise<void> {
  for (let left = 4; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** Gives a layer of two_towers.json another name and says so by `key`, until `answer` is there: a scroll cancels it. */
async function nameIt(page: Page, name: string, key: string, answer: Locator): Promise<void> {
  await openFile(page, "two_towers.json");
  await page.locator(LANGUAGE_STATUS).waitFor();
  await goTo(page, 67, 92);
  const box = page.locator(".rename-box input");
  await again(async () => {
    await page.keyboard.press("F2");
    await box.fill(name, { timeout: 5000 });
    await box.press(key, { timeout: 5000 });
    await answer.waitFor({ timeout: 5000 });
  });
}

async function activeTab(page: Page, name: string, timeout = 20_000): Promise<void> {
  await page.locator(".tabs-container .tab.active").filter({ hasText: name }).waitFor({ timeout });
}

/** Opens a file by name; `tab` is the name of the tab that it ends up in. */
async function openFile(page: Page, name: string, tab = name): Promise<void> {
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type(name);
  await focusedRow(page, name);
  await page.keyboard.press("Enter");
  await activeTab(page, tab);
}

/** Waits for the entry that Enter will take: until the list is filtered, that is another. */
async function focusedRow(page: Page, text: string | RegExp, timeout = 20_000): Promise<void> {
  await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: text }).waitFor({ timeout });
}

async function palette(page: Page, text: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type(text);
}

/** Runs a command from the palette, which lists it only once VS Code has read the extension's manifest. */
async function command(page: Page, title: string): Promise<void> {
  await again(async () => {
    await page.keyboard.press("Escape");
    await palette(page, title);
    await focusedRow(page, title, 10_000);
  });
  await page.keyboard.press("Enter");
}

/** Puts the cursor at a line and column, counted from 1. */
async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press("Control+G");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type(`${line}:${column}`);
  await focusedRow(page, new RegExp(`line ${line}\\b.*\\b${column}\\b`));
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  await page.locator(".statusbar").getByText(`Ln ${line}, Col ${column}`).waitFor();
}

/** Shows the hover at the cursor, with the keyboard. */
async function hover(page: Page, text: string): Promise<void> {
  await again(async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Control+I");
    await page.locator(".monaco-hover:not(.hidden)").getByText(text).first().waitFor({ timeout: 3000 });
  });
}

/** Opens the menu of quick fixes at the cursor. */
async function quickFix(page: Page, text: string): Promise<void> {
  await again(async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    await page.locator(".action-widget").getByText(text).first().waitFor({ timeout: 3000 });
  });
  const rows = await page.locator(".action-widget .monaco-list-row").allInnerTexts();
  assert.ok(rows.length > 1, rows.join(" | "));
}
