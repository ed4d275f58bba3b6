// expect: the fields of this aggregate cannot be counted
#include <jl/jl.hpp>

struct View {
    int size = 0;
    int& first;
};

int main() {
    int number = 5;
    jl::dump(View{1, number}, "x.pkl");
}
