// The plugin comes without types.
declare module "@joplin/turndown-plugin-gfm" {
  const plugins: { gfm: (service: import("turndown")) => void };
  export default plugins;
}
