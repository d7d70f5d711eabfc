using System.Runtime.CompilerServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>Room for the leaves of a state on the stack, which all kernels but those of several replicas can do with: a transition puts states together from leaves without a list of them.</summary>
[InlineArray(Size)]
internal struct LeafRoom
{
    /// <summary>How many leaves there is room for.</summary>
    public const int Size = 8;

    private Tensor first;
}
