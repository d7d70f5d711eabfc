using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Tests.Kernels;

/// <summary>One step of an underdamped kernel by given momentum and noise.</summary>
internal static class UnderdampedStep
{
    public static UnderdampedState State(Kernel<UnderdampedState> kernel, Tensor position, Tensor momentum) => kernel.Initialize(position) with { Momentum = momentum };

    /// <summary>The next state, with noise leaf <c>xi{o}</c> made by a function of o.</summary>
    public static UnderdampedState Of(Kernel<UnderdampedState> kernel, UnderdampedState state, Func<int, Tensor> xi)
    {
        int count = kernel.Name.Count(letter => letter == 'O');
        return kernel.Advance(new Noise(TensorTree.Of([.. Enumerable.Range(0, count).Select(o => ($"xi{o}", xi(o)))])), state).State;
    }
}
