"""How `bin/run` starts, watches and stops the processes of the portal. No Django: it stands when that falls."""
