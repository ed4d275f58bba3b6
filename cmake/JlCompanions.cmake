# Header-only libraries that users opt in to by including <jl/xtensor.hpp> and the like. The library never needs them;
# tests, examples and benchmarks use those that are here.
#
#     jl_companions                        links the ones found
#     jl_buildable(out files...)           the files that include none of the absent ones

add_library(jl_companions INTERFACE)
set(JL_ABSENT_INCLUDES "" CACHE INTERNAL "one regular expression for each companion that was not found")

# pattern: a regular expression for the path in an include line that needs the package.
function(jl_companion package pattern)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "VERSION" "TARGETS")
    find_package(${package} ${arg_VERSION} CONFIG QUIET)
    if(${package}_FOUND)
        target_link_libraries(jl_companions INTERFACE ${arg_TARGETS})
        message(STATUS "jl: tests and examples use ${package} ${${package}_VERSION}")
    elseif(JL_REQUIRE_ALL)
        message(FATAL_ERROR "jl: ${package} ${arg_VERSION} is not found (JL_REQUIRE_ALL=ON)")
    else()
        message(STATUS "jl: no ${package} ${arg_VERSION}, what includes it is left out of tests and examples")
        set(JL_ABSENT_INCLUDES "${JL_ABSENT_INCLUDES};${pattern}" CACHE INTERNAL "")
    endif()
endfunction()

function(jl_buildable out)
    set(buildable "")
    foreach(file IN LISTS ARGN)
        set(hits "")
        foreach(pattern IN LISTS JL_ABSENT_INCLUDES)
            file(STRINGS "${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"](${pattern})")
            list(APPEND hits ${lines})
        endforeach()
        if(hits)
            message(STATUS "jl: left out: ${file}")
        else()
            list(APPEND buildable "${file}")
        endif()
    endforeach()
    set(${out} "${buildable}" PARENT_SCOPE)
endfunction()

jl_companion(xtensor "jl/xtensor\\.hpp|xtensor/" TARGETS xtensor)
jl_companion(xsimd "xsimd/" TARGETS xsimd)
jl_companion(Eigen3 "jl/eigen\\.hpp|Eigen/" TARGETS Eigen3::Eigen)
jl_companion(Boost "boost/describe" VERSION 1.77 TARGETS Boost::headers)
jl_companion(boost_iostreams "jl/iostreams(_device)?\\.hpp|jl/detail/boost_filter\\.hpp|boost/iostreams" VERSION 1.77 TARGETS Boost::iostreams)
