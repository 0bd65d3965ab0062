import type { BuiltinSymbol, KerasRelease, ModuleLookUp } from "../catalogue/keras.ts";
import type { ShapeBound } from "../catalogue/shapeRelease.ts";
import type { Behaviour } from "./behaviour.ts";

/** A question to a release, with the text of the answer; equal answers have equal texts. */
type Question = (release: KerasRelease) => string;

/** A way to a symbol of a release. */
type Way = (release: KerasRelease) => BuiltinSymbol | undefined;

/**
 * A release and its behaviour that keep what a load reads of them, down to the fields of a symbol: another release that
 * answers the same makes the same load, so that nothing has to be simulated twice.
 */
export class AskedKeras {
  readonly release: KerasRelease;
  readonly behaviour: Behaviour;
  readonly #release: KerasRelease;
  readonly #behaviour: Behaviour;
  readonly #facts = new Set<keyof Behaviour>();
  readonly #bounds = new Set<ShapeBound>();
  readonly #questions = new Map<string, { readonly put: Question; answer?: string }>();
  readonly #symbols = new Map<string, BuiltinSymbol | undefined>();

  constructor(release: KerasRelease, behaviour: Behaviour) {
    this.#release = release;
    this.#behaviour = behaviour;
    // Which of its facts about shapes are read is kept one by one.
    const shapes = new Proxy(behaviour.shapes, {
      get: (target, bound) => {
        this.#bounds.add(bound as ShapeBound);
        return target[bound as ShapeBound];
      },
    });
    this.behaviour = new Proxy(behaviour, {
      get: (target, fact) => {
        if (fact === "shapes") return shapes;
        this.#facts.add(fact as keyof Behaviour);
        return target[fact as keyof Behaviour];
      },
    });
    this.release = this.#recording();
  }

  /** Whether a release answers all that was asked as this one did. */
  holdsIn(release: KerasRelease, behaviour: Behaviour): boolean {
    for (const fact of this.#facts) if (behaviour[fact] !== this.#behaviour[fact]) return false;
    for (const bound of this.#bounds) if (behaviour.shapes[bound] !== this.#behaviour.shapes[bound]) return false;
    for (const question of this.#questions.values()) {
      question.answer ??= question.put(this.#release);
      if (question.put(release) !== question.answer) return false;
    }
    return true;
  }

  #ask(question: string, put: Question): void {
    if (!this.#questions.has(question)) this.#questions.set(question, { put });
  }

  #symbol(question: string, way: Way): BuiltinSymbol | undefined {
    if (this.#symbols.has(question)) return this.#symbols.get(question);
    this.#ask(question, (release) => String(way(release) !== undefined));
    const symbol = way(this.#release);
    const recorded = symbol && this.#recordedSymbol(question, symbol, way);
    this.#symbols.set(question, recorded);
    return recorded;
  }

  #recordedSymbol(question: string, symbol: BuiltinSymbol, way: Way): BuiltinSymbol {
    const read = new Set<PropertyKey>();
    return new Proxy(symbol, {
      get: (target, property) => {
        const field = property as keyof BuiltinSymbol;
        if (field === "mro") return this.#recordedMro(question, target, way);
        if (!read.has(field)) {
          read.add(field);
          this.#ask(`${question} ${field}`, (release) => JSON.stringify(way(release)?.[field]) ?? "");
        }
        return target[field];
      },
    });
  }

  #recordedMro(question: string, { mro }: BuiltinSymbol, way: Way): BuiltinSymbol[] {
    this.#ask(`${question} mro`, (release) => String(way(release)?.mro.length));
    return mro.flatMap((_, i) => this.#symbol(`${question} mro ${i}`, (release) => way(release)?.mro[i]) ?? []);
  }

  #recording(): KerasRelease {
    const release = this.#release;
    const ask = (question: string, put: Question) => this.#ask(question, put);
    return {
      // Whoever asks for the version itself makes a load of this release alone.
      get version() {
        ask("version", (one) => one.version);
        return release.version;
      },
      exported: (path) => this.#symbol(`exported ${path}`, (one) => one.exported(path)),
      resolve: (path) => this.#symbol(`resolve ${path}`, (one) => one.resolve(path)),
      tableEntry: (table, name) => this.#symbol(`entry ${table} ${name}`, (one) => one.tableEntry(table, name)),
      importModule: (name) => this.#module(name),
      tableNames: (table) => {
        this.#ask(`table ${table}`, (one) => one.tableNames(table).join());
        return release.tableNames(table);
      },
      exportedPaths: () => {
        this.#ask("exported paths", (one) => one.exportedPaths().join());
        return release.exportedPaths();
      },
    };
  }

  #module(name: string): ModuleLookUp {
    const answer = this.#release.importModule(name);
    this.#ask(`module ${name}`, (release) => {
      const found = release.importModule(name);
      return found.status === "environment" ? `${found.status} ${found.needs}` : found.status;
    });
    if (answer.status !== "importable") return answer;
    const of = (release: KerasRelease) => {
      const found = release.importModule(name);
      return found.status === "importable" ? found : undefined;
    };
    return {
      status: "importable",
      member: (member) => this.#symbol(`member ${name} ${member}`, (one) => of(one)?.member(member)),
      memberNames: () => {
        this.#ask(`members ${name}`, (one) => of(one)?.memberNames().join() ?? "");
        return answer.memberNames();
      },
    };
  }
}
