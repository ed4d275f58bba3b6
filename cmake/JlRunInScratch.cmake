# cmake -DPROGRAM=program -DFOLDER=folder [-DBEFORE="words;of;a;command"] -P JlRunInScratch.cmake: runs the program in the
# folder, emptied before; as the last argument of the command BEFORE where one is given.

file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND ${BEFORE} "${PROGRAM}" WORKING_DIRECTORY "${FOLDER}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} ended with ${status}")
endif()
