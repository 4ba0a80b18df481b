"""What makes the plugin's data: the packed dictionary, the letter-to-sound model, the homographs' weights."""
