"""Notices: on the page, by e-mail, and in the groups of DingTalk, WeCom and Feishu.

``message`` what is said, and how it is cut to a channel's size · ``scrub`` what of it a group may read · ``channels`` signatures, requests
and answers · ``rules`` quiet hours, rates and the daily digest · ``outbox`` the queue · ``inside`` the notices on the page · ``sending`` what
the worker calls each minute · ``carrier`` the only module that opens a socket.
"""
