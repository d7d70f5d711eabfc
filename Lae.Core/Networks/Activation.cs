using Lae.Numerics;

namespace Lae.Networks;

/// <summary>The nonlinearity after a hidden layer.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x σ(x).</summary>
    Silu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>x itself: a linear layer.</summary>
    Identity,
}

/// <summary>Activations as functions.</summary>
public static class Activations
{
    /// <summary>The activation of every element.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => x.Relu(),
        Activation.Silu => x.Silu(),
        Activation.Tanh => x.Tanh(),
        Activation.Softplus => x.Softplus(),
        Activation.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
    };
}
