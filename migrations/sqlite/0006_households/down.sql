DROP TABLE transfer_requests;
DROP TABLE household_member_keys;
DROP TABLE household_members;
DROP TABLE household_spans;
DROP TABLE households;
