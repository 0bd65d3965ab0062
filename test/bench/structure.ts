import { layerNamesOf } from "../../server/src/config/layerNames.ts";
import { foldingOf } from "../../server/src/features/folding.ts";
import { highlightsAt } from "../../server/src/features/highlights.ts";
import { outlineOf } from "../../server/src/features/outline.ts";
import { selectionStepsAt } from "../../server/src/features/selectionRanges.ts";
import { LineIndex } from "../../server/src/workspace/lineIndex.ts";
import { shapeOf } from "../unit/features/shape.ts";
import { type Bench, type BenchTable, milliseconds, race } from "./table.ts";
import { benchTexts } from "./texts.ts";

/** How many places of a config are asked about in one round. */
const PLACES = 1_000;

/** What an editor asks of a config that is checked. */
export const structure: Bench = async () => {
  const rows: BenchTable["rows"][number][] = [];
  for (const { name, text } of benchTexts()) {
    const shape = await shapeOf(text);
    const { roots, document } = shape;
    const places = Array.from({ length: PLACES }, (_, i) => Math.floor((i * text.length) / PLACES));
    const times = await race(text.length > 5e6 ? 7 : 15, {
      json: () => JSON.parse(text),
      names: () => layerNamesOf(document.tree, [...roots]),
      outline: () => outlineOf(shape),
      folding: () => foldingOf(shape, new LineIndex(text)),
      selection: () => places.map((place) => selectionStepsAt(shape, place)),
      highlights: () => places.map((place) => highlightsAt(shape, place)),
    });
    rows.push({
      config: name,
      "JSON.parse ms": milliseconds(times.time("json")),
      "layer names ×": times.ratio("names"),
      "outline ×": times.ratio("outline"),
      "folding ×": times.ratio("folding"),
      "1,000 selections ms": milliseconds(times.time("selection")),
      "1,000 highlights ms": milliseconds(times.time("highlights")),
    });
  }
  return {
    name: "structure",
    title: "Structure",
    rows,
    notes: [
      "Medians in one process, of a config that is parsed; × is the median of the ratios to JSON.parse of the same turn.",
      "The names of layers are read once for each version of a document.",
      "The outline and the folding end at 5,000 entries.",
    ],
  };
};
