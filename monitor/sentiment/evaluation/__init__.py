"""How good a model is on files of labelled texts: figures for people and for machines."""
