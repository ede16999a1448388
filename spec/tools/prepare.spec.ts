import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { createWorkshop, type Workshop, type WorkshopOptions } from "./workshop.ts";

describe("tool executor, preparing", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());

  describe("prepare", () => {
    const argumentsOf = async (tool: string, args: Json) => {
      const prepared = await shop.prepare(tool, args);
      if (!prepared.ok) throw new Error(prepared.error);
      return prepared.arguments as Record<string, Json>;
    };
    const errorOf = async (tool: string, args: Json) => {
      const prepared = await shop.prepare(tool, args);
      if (prepared.ok) throw new Error("was accepted");
      return prepared.error;
    };

    it("mends numbers and booleans as text, null for absent, and JSON text for lists", async () => {
      expect(await argumentsOf("read", { path: "a", offset: "12", limit: null })).to.deep.equal({
        path: join(shop.workspace, "a"),
        offset: 12,
      });
      expect(await argumentsOf("edit", { path: "a", old_str: "1", new_str: "2", replace_all: "True" })).to.include({
        replace_all: true,
      });
      expect(await argumentsOf("bash", { command: "ls", timeout: "60.0", background: "false" })).to.include({
        timeout: 60,
        background: false,
      });
      expect(
        await argumentsOf("plan_tool", {
          todos: '[{"id": 1, "content": "x", "status": "In Progress", "priority": "high"}]',
        }),
      ).to.deep.equal({
        todos: [{ id: "1", content: "x", status: "in_progress" }],
      });
      expect(await argumentsOf("grep", { pattern: 42, output: "Files" })).to.include({
        pattern: "42",
        output: "files",
      });
    });

    it("takes arguments that are wrapped, or JSON text as a whole", async () => {
      const path = join(shop.workspace, "a");
      expect(await argumentsOf("read", '{"path": "a"}')).to.deep.equal({ path });
      expect(await argumentsOf("read", { arguments: { path: "a" } })).to.deep.equal({ path });
      expect(await argumentsOf("read", { input: '{"path": "a"}' })).to.deep.equal({ path });
      expect(await argumentsOf("list", null)).to.deep.equal({ path: shop.workspace });
    });

    it("never touches text parameters that look like something else", async () => {
      expect((await argumentsOf("write", { path: "a.json", content: '{"a": 1}' })).content).to.equal('{"a": 1}');
      expect((await argumentsOf("write", { path: "a", content: "null" })).content).to.equal("null");
      expect(await argumentsOf("edit", { path: "a", old_str: " 1 ", new_str: "true" })).to.include({
        old_str: " 1 ",
        new_str: "true",
      });
    });

    it("names the parameter that was probably meant", async () => {
      expect(await errorOf("read", { file_path: "a" }))
        .to.contain("did you mean `path`?")
        .and.to.contain("`path` is missing");
      expect(await errorOf("edit", { path: "a", old_string: "x", new_string: "y" }))
        .to.contain("`old_str`?")
        .and.to.contain("`new_str`?");
      expect(await errorOf("bash", { command: "x", timout: 5 })).to.contain("`timeout`?");
      expect(await errorOf("bash", { command: "x", sudo: true })).to.contain("no parameter `sudo`");
    });

    it("passes over unknown parameters that say nothing", async () => {
      expect(
        await argumentsOf("read", { path: "a", encoding: null, explanation: "to see it", extra: "" }),
      ).to.have.all.keys("path");
    });

    it("says what is wrong with values in words", async () => {
      expect(await errorOf("read", { path: 1.5, offset: "soon" })).to.contain('`offset` must be a number, got "soon"');
      expect(await errorOf("edit", { path: "a", old_str: "a", new_str: "b", mode: "insert" })).to.contain(
        "one of replace, append_after, prepend_before",
      );
      expect(await errorOf("plan_tool", { todos: [{ id: "1", content: "x" }] })).to.contain(
        "`todos[0].status` is missing",
      );
      expect(await errorOf("write", { path: "a", content: { a: 1 } })).to.contain("`content` must be text");
      expect(await errorOf("bash", {})).to.contain("`command`: is needed");
      expect(await errorOf("bash", { operation: "stop" })).to.contain("`job_id`: is needed");
    });

    it("takes anything for arguments without throwing", async () => {
      const odd: Json[] = [
        null,
        [],
        "x",
        3,
        true,
        "",
        "[1]",
        "{",
        '{"path":',
        { path: null },
        { path: [] },
        { path: "\0" },
        { path: "" },
      ];
      for (const tool of ["read", "bash", "plan_tool", "edit", "nope"]) {
        for (const args of odd)
          expect(await shop.prepare(tool, args), `${tool} ${JSON.stringify(args)}`).to.have.property("ok");
      }
      expect(await errorOf("read", "[1]")).to.contain("must be one JSON object: got a list");
      expect(await errorOf("read", '{"path": "a')).to.contain("not valid JSON");
      expect(await errorOf("read", JSON.parse('{"__proto__": {"path": "a"}}'))).to.contain("`path` is missing");
      expect(await errorOf("read", { path: "a\0b" })).to.contain("null byte");
    });

    it("names near tools for an unknown one", async () => {
      expect(await errorOf("reed", {})).to.contain("Did you mean read?");
      expect(await errorOf("frobnicate", {})).to.contain("The tools are: bash, read");
    });

    it("keeps the order and the ids of the calls, good and bad", async () => {
      const calls = [
        { id: "1", tool: "read", arguments: { path: "a" } },
        { id: "2", tool: "nope", arguments: {} },
        { id: "3", tool: "list", arguments: {} },
      ];
      expect(
        (await shop.executor.prepare(calls, { signal: new AbortController().signal })).map(({ id, ok }) => [id, ok]),
      ).to.deep.equal([
        ["1", true],
        ["2", false],
        ["3", true],
      ]);
    });

    it("says what each call touches, by its real path", async () => {
      symlinkSync("/etc", join(shop.workspace, "link"));
      const touches = async (tool: string, args: Json) => {
        const prepared = await shop.prepare(tool, args);
        return prepared.ok ? prepared.touches : prepared.error;
      };
      expect(await touches("write", { path: "link/x", content: "" })).to.deep.equal([
        { kind: "write", path: "/etc/x" },
      ]);
      expect(await touches("edit", { path: "../a", old_str: "a", new_str: "b" })).to.deep.equal([
        { kind: "write", path: join(shop.workspace, "../a") },
      ]);
      expect(await touches("read", { path: "~/x" })).to.deep.equal([{ kind: "read", path: join(shop.home, "x") }]);
      expect(await touches("grep", { pattern: "x" })).to.deep.equal([{ kind: "read", path: shop.workspace }]);
      expect(await touches("bash", { command: "ls", work_dir: "link" })).to.deep.equal([{ kind: "run", path: "/etc" }]);
      expect(await touches("bash", { operation: "jobs" })).to.deep.equal([]);
      expect(await touches("plan_tool", { todos: [] })).to.deep.equal([]);
    });

    it("declares a command as one that nothing keeps in its folder only where the sandbox says so, or says nothing", async () => {
      const facts = (isOpen: boolean) => ({ kind: "none" as const, notice: "", writable: null, isOpen });
      const touchesWith = async (...answers: (ReturnType<typeof facts> | Error)[]) => {
        const ask = async () => {
          const answer = answers.shift() ?? new Error("nothing more is asked");
          if (answer instanceof Error) throw answer;
          return answer;
        };
        const sandbox = { id: "sandbox", tell: () => false, ask } as unknown as NonNullable<WorkshopOptions["sandbox"]>;
        const other = createWorkshop({ sandbox });
        const prepared = await other.prepare("bash", { command: "ls" });
        await other.close();
        if (!prepared.ok) throw new Error(prepared.error);
        return [prepared.touches.map((access) => "open" in access), answers.length];
      };
      const restarting = () => Object.assign(new Error("restarting"), { code: "ACTOR_GONE" });
      expect(await touchesWith(facts(false))).to.deep.equal([[false], 0]);
      expect(await touchesWith(facts(true))).to.deep.equal([[true], 0]);
      expect(await touchesWith(restarting(), restarting(), facts(false))).to.deep.equal([[false], 0]);
      expect(await touchesWith(new Error("broken"), facts(false))).to.deep.equal([[true], 1]);
    });

    it("follows a link whose target does not exist, and refuses a circle", async () => {
      symlinkSync("/etc/not-there", join(shop.workspace, "dangling"));
      symlinkSync("round", join(shop.workspace, "round"));
      expect((await argumentsOf("write", { path: "dangling", content: "" })).path).to.equal("/etc/not-there");
      expect(await errorOf("read", { path: "round" })).to.contain("leads back to itself");
    });

    it("makes a title of one line without control characters", async () => {
      const prepared = await shop.prepare("bash", { command: "echo \u001b[2J\u202e\nrm -rf x" });
      expect(prepared.ok && prepared.title).to.equal("Run: echo [2J rm -rf x");
    });

    it("says how a crash is to be met and how long a call may take", async () => {
      const of = async (tool: string, args: Json) => {
        const prepared = await shop.prepare(tool, args);
        return prepared.ok ? [prepared.onCrash, prepared.timeoutMs] : prepared.error;
      };
      expect(await of("read", { path: "a" })).to.deep.equal(["pure", 20_000]);
      expect(await of("write", { path: "a", content: "" })).to.deep.equal(["probe", 20_000]);
      expect(await of("bash", { command: "x" })).to.deep.equal(["adopt", 180_000]);
      expect(await of("bash", { command: "x", timeout: 99_999 })).to.deep.equal(["adopt", 36_060_000]);
      expect(await of("bash", { command: "x", timeout: -5 })).to.deep.equal(["adopt", 61_000]);
    });
  });

  describe("closed places", () => {
    const closed = [
      "~/.ssh/id_rsa",
      "~/.ssh",
      "~/.SSH/config",
      "~/.aws/credentials",
      "~/.netrc",
      "~/.cache/huggingface/token",
      "~/.config/google-chrome/Default/Cookies",
      "~/.mozilla/firefox/x/logins.json",
      "/root/.ssh/id_rsa",
      "/home/someone/.netrc",
      "/etc/shadow",
      "/proc/self/environ",
      "/proc/1/environ",
      "/data/huggingface/token",
    ];
    for (const path of closed) {
      it(`refuses ${path} to every file tool`, async () => {
        for (const [tool, rest] of [
          ["read", {}],
          ["write", { content: "" }],
          ["list", {}],
          ["grep", { pattern: "x" }],
        ] as const) {
          const prepared = await shop.prepare(tool, { path, ...rest });
          expect(prepared.ok ? "" : prepared.error, tool).to.contain("store of credentials");
        }
      });
    }

    it("refuses them through a symbolic link and through /proc", async () => {
      mkdirSync(join(shop.home, ".ssh"));
      symlinkSync(join(shop.home, ".ssh"), join(shop.workspace, "innocent"));
      expect((await shop.prepare("read", { path: "innocent/id_rsa" })).ok).to.equal(false);
      expect((await shop.prepare("read", { path: `/proc/self/root${shop.home}/.ssh/id_rsa` })).ok).to.equal(false);
    });

    it("lets ordinary neighbours be read", async () => {
      for (const path of [
        "~/.bashrc",
        "~/.sshrc",
        "~/project/.ssh-notes",
        "/etc/passwd",
        "~/.cache/huggingface/hub/x",
        "token",
      ]) {
        expect(await shop.prepare("read", { path }), path).to.have.property("ok", true);
      }
    });

    it("refuses the program's own state, but for outputs of this session", async () => {
      const session = join(shop.spillDir, "..");
      expect((await shop.prepare("read", { path: join(session, "journal.jsonl") })).ok).to.equal(false);
      expect((await shop.prepare("write", { path: join(session, "journal.jsonl"), content: "" })).ok).to.equal(false);
      expect((await shop.prepare("read", { path: "~/.config/ml-intern/cli_agent_config.json" })).ok).to.equal(false);
      expect((await shop.prepare("read", { path: join(shop.spillDir, "call_1.txt") })).ok).to.equal(true);
      expect((await shop.prepare("read", { path: join(session, "calls", "c1", "out") })).ok).to.equal(true);
    });
  });
});
