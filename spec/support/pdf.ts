// Makes PDF files for specs: one line of text a page, in the plainest form that the format has (ISO 32000-1).

/** A PDF whose pages hold these lines. */
export function pdfOf(lines: readonly string[]): Buffer {
  const objects: string[] = [];
  const kids: number[] = [];
  for (const line of lines) {
    const stream = `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`;
    const content = 4 + objects.length;
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
    const resources = "<< /Font << /F1 3 0 R >> >>";
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${content} 0 R /Resources ${resources} >>`,
    );
    kids.push(content + 1);
  }
  const all = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(" ")}] /Count ${kids.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...objects,
  ];
  let file = "%PDF-1.4\n";
  const places = all.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = file.length;
  const entries = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${all.length + 1}\n0000000000 65535 f \n${entries}`;
  file += `trailer\n<< /Size ${all.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(file, "latin1");
}
