# One helper for every optional dependency of the library.
#
#     jl_optional_dependency(ISAL LIBRARY isal HEADER isa-l.h PURPOSE "fast deflate")
#
# The user chooses with JL_WITH_ISAL=AUTO|ON|OFF. When it is found the library links jl::isal and is compiled with
# JL_HAS_ISAL=1, both privately; the package config and jl.pc learn of it. AUTO means: used when present. Without
# LIBRARY it is headers only, which nobody who links jl needs.
# JL_REQUIRE_ALL turns an absent one into an error.

include(JlFindLibrary)

function(jl_optional_dependency name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LIBRARY;HEADER;PURPOSE" "")
    set(JL_WITH_${name} AUTO CACHE STRING "${arg_PURPOSE}: AUTO, ON or OFF")
    set_property(CACHE JL_WITH_${name} PROPERTY STRINGS AUTO ON OFF)
    string(TOLOWER "jl::${name}" target)
    set(wanted "${JL_WITH_${name}}")
    if(wanted STREQUAL "AUTO" OR wanted)
        set(found OFF)
        if(arg_LIBRARY)
            jl_find_library(${target} LIBRARY ${arg_LIBRARY} HEADER ${arg_HEADER} GLOBAL)
            if(TARGET ${target})
                set(found ON)
                target_link_libraries(jl PRIVATE ${target})
                set_property(TARGET jl APPEND PROPERTY JL_FOUND_LIBRARIES "${target} LIBRARY ${arg_LIBRARY} HEADER ${arg_HEADER}")
            endif()
        else()
            find_path(JL_${name}_INCLUDE_DIR NAMES "${arg_HEADER}")
            mark_as_advanced(JL_${name}_INCLUDE_DIR)
            if(JL_${name}_INCLUDE_DIR)
                set(found ON)
                target_include_directories(jl SYSTEM PRIVATE "${JL_${name}_INCLUDE_DIR}")
            endif()
        endif()
        if(found)
            message(STATUS "jl: with ${name} (${arg_PURPOSE})")
            target_compile_definitions(jl PRIVATE JL_HAS_${name}=1)
            return()
        endif()
    endif()
    if(JL_REQUIRE_ALL OR (wanted AND NOT wanted STREQUAL "AUTO"))
        message(FATAL_ERROR "jl: ${name} is required, but ${arg_HEADER} with its library is not to be had"
                            " (JL_WITH_${name}=${wanted}, JL_REQUIRE_ALL=${JL_REQUIRE_ALL})")
    endif()
    message(STATUS "jl: without ${name} (${arg_PURPOSE})")
endfunction()
