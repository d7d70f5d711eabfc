using System.Runtime.CompilerServices;

namespace Lae.Kernels;

/// <summary>Room on the stack for the infos of a few transitions that count as one.</summary>
[InlineArray(Size)]
internal struct InfoRoom
{
    /// <summary>How many infos there is room for.</summary>
    public const int Size = 16;

    private StepInfo first;
}
