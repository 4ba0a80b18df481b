"""Who does the jobs of a batch: threads here, processes beside this one, or the nodes of a cluster.

    errands.py      what a crew is given: an errand that can be sent, its jobs, and what became of each
    processes.py    processes that are forked from one which has everything imported
    process.py      what runs in each of them
    cluster.py      the nodes of a Ray cluster
    hiring.py       which nodes there are, what versions they have, what files they see
    node.py         what runs on a node
    sent_files.py   files that a node gets by their path or by value
    staging.py      folders beside the results, where nodes put what is not yet at its place
    moving.py       the same facts with other paths
"""
