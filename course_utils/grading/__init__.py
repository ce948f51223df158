"""Grading a class from outside: from the files that students handed in to marks in an LMS.

===============  ==================================================================
``command``      ``course grade``
``entries``      the files in a folder or zip file, none of which can do harm
``people``       whose they are: platforms' names for files, and the roster
``submissions``  one try for each student and exercise; lateness
``decode``       from bytes in any encoding to the cells of a notebook
``which``        which exercise it is, and what students got
``repair``       the answers, back in the exercise as it was released
``run``          runs and checks one submission, behind ``Grader``
``sitting``      its time with a kernel, and with the next one when that dies
``engine``       papermill's way to a kernel
``warm``         the parent that kernels are forks of; ``fork``, ``forkserver``, ``warming``
``kernel``       what runs in a fork; ``shell``, ``frames``
``sandbox``      its layers; ``landlock``, ``seccomp``, ``linux``, ``limits``, ``ration``
``grade``        what is unchanged is kept, the rest runs side by side
``store``        one file for each result, written whole or not at all
``late``         what being late costs
``adjust``       what is changed by hand, with a reason
``report``       a result with its changes
``publish``      everything below, made from the results
``pages``        a student's page, and Gradescope's file
``classpage``    the page about the class
``alike``        submissions that are nearly the same
``tables``       CSV: for you, for Canvas, for Moodle
``html``         the frame of a page
===============  ==================================================================
"""
