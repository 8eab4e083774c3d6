"""How good the answers are: trials, fitting, evaluation."""
