// The only file that knows blessed. Its screen holds the tree of what is shown and says when that has to be painted;
// input, output and the cells are ours, so it gets an input that says nothing and an output that goes nowhere. It takes
// longer to load than a frame to paint, so the first frame does not wait for it.
import { PassThrough, Writable } from "node:stream";
import type blessed from "blessed";

type Blessed = typeof blessed;

/** What the host holds. */
export interface HostOptions {
  width: number;
  height: number;
  /** Paints everything, and writes what has changed. */
  onRender(): void;
}

/** The tree of what is shown. */
export interface Host {
  readonly width: number;
  readonly height: number;
  /** The terminal has another size; it is painted anew. */
  resize(width: number, height: number): void;
  /** Has it painted. */
  render(): void;
  close(): void;
}

/** A terminal as far as blessed asks: a size, and nothing behind it. */
class Nowhere extends Writable {
  readonly isTTY = true;

  constructor(
    public columns: number,
    public rows: number,
  ) {
    super({ write: (_chunk, _encoding, done) => done() });
  }
}

/** Signals, errors and the end of the process are the terminal's business: blessed would exit with 0, or not at all. */
function letGoOfProcess(library: Blessed): void {
  const own = Reflect.get(library, "Screen") as Record<string, ((...args: unknown[]) => void) | undefined>;
  const listeners = {
    uncaughtException: own._exceptionHandler,
    SIGTERM: own._sigtermHandler,
    SIGINT: own._sigintHandler,
    SIGQUIT: own._sigquitHandler,
    exit: own._exitHandler,
  };
  for (const [event, listener] of Object.entries(listeners)) if (listener !== undefined) process.off(event, listener);
}

/** Makes the tree, of which one box paints everything. */
function plant(library: Blessed, output: Nowhere, onRender: () => void): blessed.Widgets.Screen {
  const screen = library.screen({
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    // What it writes goes nowhere; a terminal that it knows for certain keeps it from looking for files.
    terminal: "xterm-256color",
    forceUnicode: true,
    smartCSR: false,
    warnings: false,
  } as blessed.Widgets.IScreenOptions);
  letGoOfProcess(library);
  const all = library.box({ parent: screen, top: 0, left: 0, width: "100%", height: "100%" });
  // What it would draw are its own cells, of which we use none.
  Object.assign(screen, { draw: () => undefined });
  Object.assign(all, {
    render: () => {
      onRender();
      return undefined;
    },
  });
  return screen;
}

/** Makes the host. */
export function createHost({ width, height, onRender }: HostOptions): Host {
  const output = new Nowhere(width, height);
  let tree: blessed.Widgets.Screen | null = null;
  let loading = false;
  let closed = false;

  async function load(): Promise<void> {
    const { default: library } = await import("blessed");
    if (!closed) tree = plant(library, output, onRender);
  }

  return {
    get width() {
      return output.columns;
    },
    get height() {
      return output.rows;
    },
    resize(columns, rows) {
      output.columns = columns;
      output.rows = rows;
      output.emit("resize");
    },
    render() {
      if (tree !== null) {
        tree.render();
        return;
      }
      onRender();
      if (loading) return;
      loading = true;
      void load();
    },
    close() {
      closed = true;
      tree?.destroy();
    },
  };
}
