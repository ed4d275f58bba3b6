// expect: a field of this aggregate is a bit-field, a reference or volatile
#include <jl/jl.hpp>

struct View {
    int size = 0;
    const int& first;
};

int main() {
    int number = 5;
    jl::dump(View{1, number}, "x.pkl");
}
