// The same request for a terminal and for Python; keys stay where they are.
const OWN = "v1/vocolab/speech";

export function curlCall(origin, asked, hasKey) {
  const key = hasKey ? ' \\\n  -H "Authorization: Bearer $VOCOLAB_KEY"' : "";
  const json = JSON.stringify(asked).replaceAll("'", "'\\''");
  return `curl -sS ${origin}/${OWN}${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '${json}' \\\n`
    + `  -o speech.${asked.response_format}`;
}

export function pythonCall(origin, asked, hasKey) {
  const { input, voice, response_format: format, ...rest } = asked;
  const key = hasKey ? 'os.environ["VOCOLAB_KEY"]' : '"none"';
  if (Object.keys(rest).length) {
    return `import os, httpx\n\nanswer = httpx.post(\n    "${origin}/${OWN}", timeout=None,\n`
      + (hasKey ? '    headers={"Authorization": f"Bearer {os.environ[\'VOCOLAB_KEY\']}"},\n' : "")
      + `    json=${python(asked)},\n)\nanswer.raise_for_status()\n`
      + `open("speech.${format}", "wb").write(answer.content)\n`;
  }
  return `import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${origin}/v1", api_key=${key})\n`
    + `with client.audio.speech.with_streaming_response.create(\n    model="vocolab", voice=${python(voice)}, `
    + `input=${python(input)}, response_format=${python(format)}\n) as answer:\n`
    + `    answer.stream_to_file("speech.${format}")\n`;
}

// Values of JSON as Python spells them: strings are alike, and there are no others than strings, numbers and objects.
function python(value) {
  return JSON.stringify(value);
}
