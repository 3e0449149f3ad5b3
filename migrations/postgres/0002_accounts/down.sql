DROP TABLE throttles;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE grants;
DROP TABLE past_passwords;
DROP TABLE accounts;
