DROP TABLE service_point_keys;
DROP TABLE service_point_parents;
DROP TABLE service_points;
