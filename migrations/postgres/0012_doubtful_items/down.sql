DROP TABLE doubtful_explanations;
