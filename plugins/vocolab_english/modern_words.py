"""Words that came into use after the dictionary was made, and some that it lists wrongly, with their sounds."""

from __future__ import annotations

from vocolab_english.dictionary import Phonemes

_LISTED = """
arxiv AA1 R K AY2 V
async EY1 S IH2 NG K
brexit B R EH1 K S IH0 T
chatbot CH AE1 T B AA2 T
chatgpt CH AE2 T JH IY2 P IY2 T IY1
covid K OW1 V IH0 D
cryptocurrency K R IH1 P T OW0 K ER2 AH0 N S IY0
deepfake D IY1 P F EY2 K
dongle D AA1 NG G AH0 L
ebook IY1 B UH2 K
email IY1 M EY2 L
emoji IH0 M OW1 JH IY0
fintech F IH1 N T EH2 K
gif G IH1 F
houses HH AW1 Z IH0 Z
ios AY1 OW2 EH1 S
jpeg JH EY1 P EH2 G
json JH EY1 S AA2 N
kubernetes K UW2 B ER0 N EH1 T IY0 Z
memes M IY1 M Z
metaverse M EH1 T AH0 V ER2 S
microbiome M AY2 K R OW0 B AY1 OW2 M
microservice M AY1 K R OW0 S ER2 V IH0 S
mysql M AY2 S IY1 K W AH0 L
nginx EH1 N JH IH0 N EH1 K S
numpy N AH1 M P AY2
paypal P EY1 P AE2 L
pytorch P AY1 T AO2 R CH
router R AW1 T ER0
signup S AY1 N AH2 P
smartwatch S M AA1 R T W AA2 CH
sudoku S UW0 D OW1 K UW0
tiktok T IH1 K T AA2 K
uber UW1 B ER0
ubuntu UW0 B UH1 N T UW0
unicode Y UW1 N IH0 K OW2 D
vaping V EY1 P IH0 NG
vegan V IY1 G AH0 N
vlog V L AA1 G
vocoder V OW1 K OW2 D ER0
vocolab V OW1 K OW0 L AE2 B
webcam W EH1 B K AE2 M
webinar W EH1 B IH0 N AA2 R
webpage W EH1 B P EY2 JH
wikipedia W IH2 K IH0 P IY1 D IY0 AH0
yaml Y AE1 M AH0 L
youtube Y UW1 T UW2 B
zelensky Z AH0 L EH1 N S K IY0
"""


def _parsed(text: str) -> dict[str, Phonemes]:
    entries = (line.split() for line in text.splitlines() if line)
    return {word: tuple(phonemes) for word, *phonemes in entries}


MODERN_WORDS = _parsed(_LISTED)
