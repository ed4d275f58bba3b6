# cmake -DCOMPILER=c++ -DFLAGS=flags.rsp -DSOURCE=case.cpp -P check.cmake: does the compiler say what the case expects?

file(STRINGS "${SOURCE}" first_line LIMIT_COUNT 1)
execute_process(COMMAND "${COMPILER}" -std=c++20 -fsyntax-only "@${FLAGS}" "${SOURCE}"
                RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)

if(first_line STREQUAL "// expect success")
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${SOURCE} has to compile, the compiler said:\n${output}")
    endif()
elseif(first_line MATCHES "^// expect: (.+)$")
    set(expected "${CMAKE_MATCH_1}")
    if(status EQUAL 0)
        message(FATAL_ERROR "${SOURCE} must not compile, but it does")
    elseif(NOT output MATCHES "${expected}")
        message(FATAL_ERROR "${SOURCE}: no message matches '${expected}', the compiler said:\n${output}")
    endif()
else()
    message(FATAL_ERROR "${SOURCE}: the first line must be '// expect: <regular expression>' or '// expect success'")
endif()
