// A Python file, imported as its text (see the loader in scripts/build.mjs).
declare module "*.py" {
  const text: string;
  export default text;
}
