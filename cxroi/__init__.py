"""CX ROI: is today's spend on customer experience too little, too much or about right?"""

__version__ = "0.1.0"
