// The only file that knows blessed. Its screen holds the tree of what is shown and says when that has to be painted;
// input, output and the cells are ours, so it gets an input that says nothing and an output that goes nowhere.
import { PassThrough, Writable } from "node:stream";
import type Blessed from "blessed";

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
function letGoOfProcess(blessed: typeof Blessed): void {
  const own = Reflect.get(blessed, "Screen") as Record<string, ((...args: unknown[]) => void) | undefined>;
  const listeners = {
    uncaughtException: own._exceptionHandler,
    SIGTERM: own._sigtermHandler,
    SIGINT: own._sigintHandler,
    SIGQUIT: own._sigquitHandler,
    exit: own._exitHandler,
  };
  for (const [event, listener] of Object.entries(listeners)) if (listener !== undefined) process.off(event, listener);
}

function plant(blessed: typeof Blessed, output: Nowhere, onRender: () => void): Blessed.Widgets.Screen {
  const screen = blessed.screen({
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    // What it writes goes nowhere; a terminal that it knows for certain keeps it from looking for files.
    terminal: "xterm-256color",
    forceUnicode: true,
    smartCSR: false,
    warnings: false,
  } as Blessed.Widgets.IScreenOptions);
  letGoOfProcess(blessed);
  const all = blessed.box({ parent: screen, top: 0, left: 0, width: "100%", height: "100%" });
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

/**
 * Makes the host. Loading blessed takes longer than painting a frame, so that the first frames, which have nothing in
 * the tree but the whole, are painted without it.
 */
export function createHost({ width, height, onRender }: HostOptions): Host {
  const output = new Nowhere(width, height);
  let screen: Blessed.Widgets.Screen | null = null;
  let wanted = false;
  let closed = false;

  async function load(): Promise<void> {
    const { default: blessed } = await import("blessed");
    if (!closed) screen = plant(blessed, output, onRender);
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
      if (screen !== null) {
        screen.render();
        return;
      }
      onRender();
      if (!wanted) void load();
      wanted = true;
    },
    close() {
      closed = true;
      screen?.destroy();
    },
  };
}
