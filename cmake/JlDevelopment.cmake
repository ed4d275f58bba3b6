# Warnings, sanitizers and instrumentation live on one private target: what is built here links it, what uses jl never
# sees it.
#
#     jl_development(target)    builds the target of this project with them

add_library(jl_development INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(jl_development INTERFACE -Wall -Wextra -Wconversion -Wshadow)
    # GCC bug 105651: string concatenation inlined at -O3 is said to overlap. GCC bug 105562 and its like: a member of
    # an alternative that a std::variant does not hold is said to be read.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(jl_development INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
    endif()
endif()
if(JL_WERROR)
    target_compile_options(jl_development INTERFACE -Werror)
endif()

set(jl_instrumentation "")
if(JL_SANITIZE)
    list(APPEND jl_instrumentation "-fsanitize=${JL_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(JL_COVERAGE)
    list(APPEND jl_instrumentation --coverage)
endif()
if(JL_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "jl: JL_FUZZ needs clang (libFuzzer), the compiler is ${CMAKE_CXX_COMPILER_ID}")
    endif()
    list(APPEND jl_instrumentation -fsanitize=fuzzer-no-link)
endif()
target_compile_options(jl_development INTERFACE ${jl_instrumentation})
target_link_options(jl_development INTERFACE ${jl_instrumentation})

function(jl_development target)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:jl_development>)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()
