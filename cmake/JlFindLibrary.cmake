# Finds a library that brings no CMake package of its own, as an imported target. Installed beside jlConfig.cmake, which
# uses it for what the static library was linked with.
#
#     jl_find_library(jl::isal LIBRARY isal HEADER isa-l.h [GLOBAL])
#
# Afterwards the target exists, or it does not and the caller decides. Hints: CMAKE_PREFIX_PATH as usual.

function(jl_find_library target)
    if(TARGET ${target})
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "GLOBAL" "LIBRARY;HEADER" "")
    string(TOUPPER "JL_${arg_LIBRARY}" prefix)
    find_path(${prefix}_INCLUDE_DIR NAMES "${arg_HEADER}")
    find_library(${prefix}_LIBRARY NAMES "${arg_LIBRARY}")
    mark_as_advanced(${prefix}_INCLUDE_DIR ${prefix}_LIBRARY)
    if(NOT ${prefix}_INCLUDE_DIR OR NOT ${prefix}_LIBRARY)
        return()
    endif()
    if(arg_GLOBAL)
        add_library(${target} UNKNOWN IMPORTED GLOBAL)
    else()
        add_library(${target} UNKNOWN IMPORTED)
    endif()
    set_target_properties(
        ${target} PROPERTIES IMPORTED_LOCATION "${${prefix}_LIBRARY}"
                             INTERFACE_INCLUDE_DIRECTORIES "${${prefix}_INCLUDE_DIR}")
endfunction()
