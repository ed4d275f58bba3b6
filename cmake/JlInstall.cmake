# Install rules: headers, library, CMake package, pkg-config file. The tools install themselves.

include(CMakePackageConfigHelpers)
set(jl_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/jl")

install(TARGETS jl EXPORT jlTargets FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT jlTargets NAMESPACE jl:: DESTINATION "${jl_package_dir}")

# A static library leaves its private dependencies to whoever links the program; a shared one has them inside.
get_target_property(jl_type jl TYPE)
get_target_property(jl_found_libraries jl JL_FOUND_LIBRARIES)
set(jl_find_dependencies "")
set(jl_libs_private "")
if(jl_type STREQUAL "STATIC_LIBRARY")
    string(APPEND jl_find_dependencies "find_dependency(ZLIB)\n"
           "set(THREADS_PREFER_PTHREAD_FLAG ON)\nfind_dependency(Threads)\n")
    foreach(library IN LISTS jl_found_libraries)
        if(library MATCHES "^(jl::[^ ]+) LIBRARY ([^ ]+)")
            string(APPEND jl_find_dependencies "jl_require_library(${library})\n")
            string(APPEND jl_libs_private "-l${CMAKE_MATCH_2} ")
        endif()
    endforeach()
endif()
string(APPEND jl_libs_private "-lz -pthread")

configure_package_config_file(cmake/jlConfig.cmake.in jlConfig.cmake INSTALL_DESTINATION "${jl_package_dir}")
write_basic_package_version_file(jlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/jlConfig.cmake" "${PROJECT_BINARY_DIR}/jlConfigVersion.cmake"
              cmake/JlFindLibrary.cmake DESTINATION "${jl_package_dir}")

# The prefix in jl.pc is relative to the file, so that an installed tree may be moved.
set(jl_pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH jl_pc_prefix "${CMAKE_INSTALL_PREFIX}/${jl_pc_dir}" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" jl_pc_prefix "${jl_pc_prefix}")
configure_file(cmake/jl.pc.in jl.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/jl.pc" DESTINATION "${jl_pc_dir}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
