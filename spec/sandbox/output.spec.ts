import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { callFolder } from "../../actors/sandbox/call-folder.ts";
import { layoutOf, readSlice } from "../../actors/sandbox/output.ts";
import { cutAndStretch } from "../../actors/sandbox/trim.ts";
import { headFragment, tailFragment } from "../../actors/sandbox/utf8.ts";
import { eitherWay, limitMs, openSandbox, type Setting } from "./setting.ts";

const mib = 1024 * 1024;

/** The line that a flood repeats; its length fits no block. */
const line = Array.from({ length: 50 }, (_, index) => index).join(",");

/** Bytes that a file takes on the disk. */
function diskBytes(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

describe("The view of an output", function () {
  this.timeout(limitMs);
  let setting: Setting;
  before(async () => {
    setting = await openSandbox({ limits: { outputChars: 1_000 } });
  });
  after(() => setting.close());

  it("is the whole of a small one", async () => {
    const { output } = await setting.exec("printf '%01000d' 7");
    expect(output.text).to.have.length(1_000);
    expect(output.omittedBytes).to.equal(0);
  });

  it("is a quarter from the start and the rest from the end of a larger one, and says what is missing", async () => {
    const { output } = await setting.exec("seq 100000 109999");
    const whole = readFileSync(output.file, "utf8");
    expect(whole).to.have.length(70_000);
    const joint = `\n[69000 of 70000 bytes left out; the whole output is in ${output.file}]\n`;
    expect(output.text).to.equal(whole.slice(0, 250) + joint + whole.slice(-750));
    expect(output).to.deep.include({ totalBytes: 70_000, omittedBytes: 69_000, keptWhole: true });
  });

  it("splits no character", async () => {
    for (const shift of ["", "x", "xx"]) {
      const { output } = await setting.exec(`printf '${shift}'; for i in $(seq 2000); do printf '€'; done`);
      expect(output.text).not.to.contain("\uFFFD");
      const shown = Buffer.byteLength(output.text.replace(/\n\[.*\]\n/, ""));
      expect(shown + output.omittedBytes).to.equal(6_000 + shift.length);
    }
  });

  it("bears bytes that are no text", async () => {
    const { output } = await setting.exec("head -c 100000 /dev/urandom");
    expect(output.totalBytes).to.equal(100_000);
    expect(statSync(output.file).size).to.equal(100_000);
    const all = await setting.exec('for i in $(seq 0 255); do printf "\\\\x$(printf %x $i)"; done');
    expect(readFileSync(all.output.file)).to.deep.equal(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
  });

  it("puts together characters whose bytes come apart", async () => {
    let seen = "";
    await setting.exec("for i in 1 2 3; do printf '\\xe2\\x82'; sleep 0.05; printf '\\xac'; sleep 0.05; done", {
      onProgress: ({ text }) => {
        seen += text;
      },
    });
    expect(seen).to.equal("€€€");
  });
});

describe("A hole in a file, where the system makes none", function () {
  this.timeout(limitMs);
  it("keeps size, start and end, and frees the disk", async () => {
    const setting = await openSandbox();
    try {
      const file = join(setting.base, "file");
      const bytes = Buffer.alloc(4 * mib, "0123456789abcde");
      writeFileSync(file, bytes);
      cutAndStretch(file, 8_192, 4 * mib - 8_192);
      const after = readFileSync(file);
      expect(after.length).to.equal(bytes.length);
      expect(after.subarray(0, 8_192).equals(bytes.subarray(0, 8_192))).to.equal(true);
      expect(after.subarray(-8_192).equals(bytes.subarray(-8_192))).to.equal(true);
      expect(diskBytes(file)).to.be.below(mib);
    } finally {
      await setting.close();
    }
  });
});

describe("A cut in UTF-8", function () {
  this.timeout(limitMs);
  it("finds the pieces of characters at both ends, and leaves other bytes alone", () => {
    const text = Buffer.from("a€😀é");
    for (let at = 0; at <= text.length; at += 1) {
      const [start, end] = [text.subarray(0, at), text.subarray(at)];
      const left = start.subarray(0, start.length - tailFragment(start)).toString("utf8");
      const right = end.subarray(headFragment(end)).toString("utf8");
      expect(left + right).not.to.contain("\uFFFD");
      expect("a€😀é".startsWith(left) && "a€😀é".endsWith(right)).to.equal(true);
    }
    expect(headFragment(Buffer.alloc(10, 0x80))).to.equal(0);
    expect(tailFragment(Buffer.alloc(10, 0x80))).to.equal(0);
    expect(tailFragment(Buffer.from([0xff]))).to.equal(0);
    expect(headFragment(Buffer.alloc(0)) + tailFragment(Buffer.alloc(0))).to.equal(0);
  });
});

eitherWay("An output without end", { outputFileBytes: 8 * mib, outputChars: 2_000 }, (setting) => {
  it("is kept within its bound on the disk, with its start and its end, and counted to the byte", async () => {
    const dir = callFolder(setting().callsDir, "flood");
    let most = 0;
    let counted = 0;
    let progressChars = 0;
    const command = `echo START; yes '${line}' | head -c 300M; echo; echo END`;
    const { status, output } = await setting().exec(command, {
      callId: "flood",
      onProgress: ({ bytes, text }) => {
        counted += bytes;
        progressChars += text.length;
        most = Math.max(most, diskBytes(join(dir, "out")));
      },
    });
    const total = 6 + 300 * mib + 5;
    expect(status).to.deep.equal({ state: "exited", code: 0 });
    expect(output).to.deep.include({ totalBytes: total, keptWhole: false });
    expect(counted).to.equal(total);
    expect(progressChars).to.be.below(16 * mib);
    expect(output.text.startsWith(`START\n${line}\n`)).to.equal(true);
    expect(output.text.endsWith("\nEND\n")).to.equal(true);
    expect(output.text).to.match(/\[\d+ of 314572811 bytes left out; the first \d+ and the last \d+ bytes are in /);
    // Between two looks a fast writer may run ahead of the bound; at the end it holds.
    expect(most).to.be.below(300 * mib);
    expect(diskBytes(output.file) + diskBytes(join(dir, "out"))).to.be.below(9 * mib);
    expect(statSync(output.file).size).to.be.below(9 * mib);
  });

  it("reads on across what was dropped", async () => {
    const layout = layoutOf(callFolder(setting().callsDir, "flood"));
    const head = readSlice(layout, 0, layout.total);
    expect(head.next).to.equal(layout.first.to);
    const tail = readSlice(layout, head.next, layout.total);
    expect(tail.from).to.equal(layout.last.from);
    expect(tail.next).to.equal(layout.total);
    // Each byte is where the command wrote it.
    const period = `${line}\n`;
    const shift = (tail.from - "START\n".length) % period.length;
    const expected = period.repeat(Math.ceil(tail.bytes.length / period.length) + 1).slice(shift);
    const body = tail.bytes.subarray(0, -"\nEND\n".length).toString("latin1");
    expect(body === expected.slice(0, body.length)).to.equal(true);
  });
});
