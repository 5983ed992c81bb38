"""The board of the supervision office: matters by light, unit, leader, mechanism, stage and region; chased with one click."""
